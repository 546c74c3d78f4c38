"""Where on the figure a place lies that has no outline of its own: structures, tender points, whole regions.

The table says only where a dot is drawn. A structure that is not in it is drawn at its region.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from openomt.care.visits.body_map.shapes import RIBS, VERTEBRAE, View
from openomt.medicine.anatomy import Level, LevelKind, Region


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on one view: `x` is its distance from the midline; 0 for what lies on it."""

    view: View
    x: float
    y: float


def _spots(view: View, text: str) -> dict[str, Spot]:
    """Lines of `x y name, name`."""
    found: dict[str, Spot] = {}
    for line in text.strip().splitlines():
        x, y, names = line.strip().split(" ", 2)
        found |= {name.strip(): Spot(view, float(x), float(y)) for name in names.split(",")}
    return found


SPOTS: Mapping[str, Spot] = {
    **_spots(
        "back",
        """
        0 50 occiput, dura, skull, galea, falx, tentorium, reciprocal tension membrane, CRI
        0 38 parietal, sagittal suture, SBS, sphenoid, ethmoid, vomer
        13 43 lambdoid suture, parietomastoid suture, asterion
        15 54 mastoid, occipitomastoid, temporal, petrobasilar suture
        8 63 suboccipital, rectus capitis posterior
        8 78 splenius capitis, semispinalis capitis, nuchal ligament, upper cervical
        8 86 mid cervical
        8 95 lower cervical
        19 97 upper trapezius, trapezius, levator scapulae
        0 101 CT junction
        13 118 upper thoracic
        13 150 mid thoracic, paraspinal
        13 185 lower thoracic
        18 140 rhomboid, middle trapezius, interscapular
        19 168 lower trapezius
        0 204 TL junction
        38 138 scapula, infraspinatus, scapulothoracic joint
        38 121 supraspinatus
        49 140 teres minor, subscapularis, rotator cuff
        50 150 teres major
        48 172 latissimus dorsi
        30 150 rib angle, rib cage
        14 148 costovertebral joint, costotransverse joint, facet, transverse process
        36 205 floating rib, serratus posterior inferior
        24 118 serratus posterior superior
        73 160 triceps
        78 234 anconeus, ulna
        24 226 quadratus lumborum
        0 216 upper lumbar, thoracolumbar fascia
        0 246 lower lumbar, lumbar lordosis, lordosis
        0 253 lumbosacral junction
        20 250 iliolumbar ligament
        9.5 261 sacral sulcus, sacral base
        5.5 284 ILA
        0 288 sacral apex
        0 292 sacrococcygeal joint
        0 296 coccyx
        14.5 266 SI joint, SI ligament, PSIS
        37 249 iliac crest
        30 287 piriformis
        16 296 sacrotuberous ligament, sacrospinous ligament
        27 304 ischial tuberosity
        32 276 gluteus maximus, gluteal, buttock
        43 268 gluteus medius, gluteus minimus
        51 296 greater trochanter, external rotator, hip abductor
        32 350 hamstring, semitendinosus, biceps femoris, semimembranosus
        52 360 iliotibial band, tensor fasciae latae
        32 410 popliteus, popliteal space
        33 446 calf, gastrocnemius, soleus
        29 494 achilles tendon
        30 536 calcaneus, plantar fascia
        0 140 thoracic kyphosis, kyphosis, spinous process
        """,
    ),
    **_spots(
        "front",
        """
        0 24 frontal, coronal suture, frontalis
        18 34 pterion, temporalis, frontozygomatic suture
        9 43 eye, orbicularis oculi, frontal sinus
        12 50 zygoma, maxillary sinus, sinus
        0 55 maxilla, palate, palatine, face
        0 49 nasal bone
        16 57 TMJ
        13 64 masseter, pterygoid, lateral pterygoid, medial pterygoid
        0 70 mandible
        8 84 sternocleidomastoid, platysma, cervical lymph node
        0 80 hyoid
        0 88 anterior neck, thyroid, larynx, longus colli, longus capitis, cervical fascia
        15 96 scalene, anterior scalene, middle scalene, posterior scalene
        9 104 SC joint
        30 106 clavicle
        0 101 thoracic outlet
        58 109 AC joint, acromion
        65 121 shoulder, glenohumeral joint
        56 118 coracoid, pectoralis minor
        34 124 pectoralis major
        70 130 deltoid
        60 134 axilla
        0 130 sternum, costochondral joint, sternal angle
        8 134 sternocostal joint
        0 109 manubrium
        0 164 xiphoid, epigastrium
        46 166 serratus anterior
        26 145 intercostal, intercostal space
        22 178 costal margin
        0 171 diaphragm
        0 232 umbilicus, abdomen, mesentery, small bowel, linea alba
        14 222 rectus abdominis, oblique
        22 190 liver, gallbladder
        20 186 stomach, spleen, pancreas
        26 205 kidney
        0 190 celiac ganglion, esophagus, duodenum
        0 205 superior mesenteric ganglion, collateral ganglia
        0 245 inferior mesenteric ganglion
        32 240 colon, cecum, sigmoid colon, appendix
        0 285 bladder, uterus, prostate
        14 275 ovary
        16 250 psoas, iliopsoas
        32 262 iliacus
        46 270 ASIS
        44 280 AIIS, inguinal ligament, inguinal canal
        0 302 pubic symphysis
        7 300 pubic tubercle
        20 305 pubic ramus, obturator internus
        0 312 pelvic floor, pelvic diaphragm
        0 270 pelvis
        40 290 hip, femoral head, hip capsule
        38 310 hip flexor
        20 335 adductor, gracilis
        34 345 quadriceps, rectus femoris, thigh, femur
        46 370 vastus lateralis
        24 385 vastus medialis
        30 330 sartorius
        32.5 407 knee, patella
        24 416 medial meniscus, mcl, pes anserine
        44 408 lcl
        43 420 fibular head
        40 455 fibula, peroneus longus
        30 450 tibia, tibialis anterior, tibialis posterior, interosseous membrane of the leg, leg
        29.5 509 ankle, talus, deltoid ligament
        22 507 medial malleolus
        37 507 lateral malleolus, distal fibula, ATFL
        30 522 subtalar joint, tarsal, navicular, cuboid, cuneiform, foot, arch
        33 536 metatarsal
        34 545 toe
        30 500 leg length
        76 175 biceps, humerus, arm
        79.5 236 elbow
        87 234 lateral epicondyle
        72 236 medial epicondyle
        86 245 radial head
        88 280 radius, forearm, brachioradialis, supinator, pronator teres, forearm fascia, interosseous membrane
        84 262 wrist extensor, wrist flexor
        96 319 wrist, carpal, carpal tunnel, lunate, scaphoid, capitate, hamate, pisiform
        98 340 hand, metacarpal
        84 345 thumb, thenar
        99 364 finger
        """,
    ),
}

REGION_SPOTS: Mapping[Region, Spot] = {
    Region.HEAD: Spot("back", 0, 36),
    Region.CERVICAL: Spot("back", 0, 86),
    Region.THORACIC: Spot("back", 0, 150),
    Region.LUMBAR: Spot("back", 0, 230),
    Region.SACRAL: Spot("back", 0, 270),
    Region.PELVIC: Spot("back", 33, 270),
    Region.LOWER_EXTREMITY: Spot("front", 32, 360),
    Region.UPPER_EXTREMITY: Spot("front", 77, 190),
    Region.RIB: Spot("back", 34, 150),
    Region.ABDOMEN: Spot("front", 0, 232),
}

_POINT = re.compile(r"([AP])([CTLR])(\d{1,2})")
_FAR = {"C": 9.0, "T": 15.0, "L": 18.0, "R": 30.0}


def spot_of(level: Level | None, region: Region) -> Spot:
    """Where a place without an outline of its own is drawn; where the table has none, at its region."""
    if level is not None:
        known = SPOTS.get(level.name)
        if known is not None:
            return known
        if level.kind is LevelKind.POINT and (point := _point(level.name)) is not None:
            return point
    return REGION_SPOTS[region]


def _point(name: str) -> Spot | None:
    """A tender point by its code: `AC4` in front of C4, `PL3` behind L3, `AR5` at the fifth rib."""
    match = _POINT.match(name)
    if match is None:
        return None
    view: View = "front" if match[1] == "A" else "back"
    letter, number = match[2], int(match[3])
    if letter == "R":
        ribs = RIBS[view]
        if not 1 <= number <= len(ribs):
            return None
        x, y = ribs[number - 1].crown
        return Spot(view, x, y)
    lens = VERTEBRAE.get({"C1": "AA"}.get(f"{letter}{number}", f"{letter}{number}"))
    return Spot(view, _FAR[letter], lens.y) if lens else None
