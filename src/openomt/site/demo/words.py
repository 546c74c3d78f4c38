"""The stock that made-up patients and visits are put together from. Nothing here is a fact of medicine."""

from __future__ import annotations

from dataclasses import dataclass

FAMILY_NAMES = ["Abbott", "Alvarado", "Becker", "Bishop", "Brooks", "Calder", "Carver", "Castle", "Chandler", "Cooper", "Dalton", "Dawson", "Delgado", "Draper", "Ellison", "Farmer", "Fisher", "Fletcher", "Foster", "Gardner", "Garza", "Glover", "Granger", "Hale", "Harper", "Hayward", "Herrera", "Holloway", "Hooper", "Ingram", "Jarvis", "Keller", "Kessler", "Knight", "Lang", "Larsen", "Lawson", "Lowell", "Marsh", "Mason", "Mercer", "Miller", "Monroe", "Nash", "Navarro", "Norris", "Novak", "Ortega", "Osborne", "Palmer", "Parker", "Petrov", "Porter", "Quill", "Ramsey", "Reed", "Rhodes", "Sawyer", "Serrano", "Shepherd", "Slater", "Smith", "Sorensen", "Stone", "Tanner", "Thatcher", "Tobin", "Turner", "Underwood", "Vargas", "Vickers", "Wagner", "Walker", "Weaver", "Webb", "Whitaker", "Wolfe", "Yates", "Young", "Zimmer"]
WOMEN = ["Abigail", "Ada", "Agnes", "Alma", "Beatrice", "Camila", "Carol", "Clara", "Daisy", "Daniela", "Edith", "Elena", "Esther", "Fiona", "Gloria", "Grace", "Hannah", "Ida", "Ines", "Irene", "Jane", "June", "Laura", "Lena", "Lucia", "Mabel", "Marta", "Miriam", "Nadia", "Nora", "Olive", "Paula", "Pearl", "Rita", "Rosa", "Ruth", "Sofia", "Stella", "Tessa", "Vera"]
MEN = ["Aaron", "Albert", "Andre", "Arthur", "Ben", "Carlos", "Clark", "Daniel", "David", "Diego", "Edgar", "Elias", "Felix", "Frank", "George", "Gus", "Harold", "Hugo", "Ivan", "Jack", "Jonas", "Julian", "Karl", "Leon", "Lewis", "Louis", "Marcus", "Martin", "Max", "Miles", "Nathan", "Oscar", "Otto", "Paul", "Peter", "Ralph", "Samuel", "Simon", "Theo", "Victor"]
STREETS = ("Alder", "Birch", "Cedar", "Dune", "Elm", "Fern", "Garden", "Hill", "Island", "Juniper")
CITIES = (("Portland", "04101"), ("Westbrook", "04092"), ("Falmouth", "04105"), ("Gorham", "04038"))
PAYERS = (
    ("Demo Health Plan", "commercial", "DEMO1"),
    ("Pine State Mutual", "commercial", "DEMO2"),
    ("Coastal Care", "commercial", "DEMO3"),
    ("Medicaid", "medicaid", "DEMO4"),
    ("", "self_pay", ""),
)
OLDER_PAYER = ("Medicare", "medicare", "DEMO5")

PROBLEMS = (
    ("Seasonal allergies", ""),
    ("High blood pressure", ""),
    ("Reflux", ""),
    ("Asthma, mild", ""),
    ("Low thyroid", ""),
    ("Type 2 diabetes", ""),
    ("Migraine", "G43.909"),
    ("High cholesterol", ""),
)
MEDICINES = (
    "Loratadine 10 mg daily",
    "Lisinopril 10 mg daily",
    "Omeprazole 20 mg daily",
    "Levothyroxine 50 mcg daily",
    "Metformin 500 mg twice a day",
    "Atorvastatin 20 mg daily",
    "Ibuprofen 400 mg as needed",
    "Vitamin D 1000 units daily",
)
ALLERGIES = (("Penicillin", "rash"), ("Sulfa", "hives"), ("Latex", "itching"), ("Shellfish", "hives"))
SURGERIES = ("Appendectomy", "Knee arthroscopy", "Tonsillectomy", "Cesarean section", "Hernia repair")


@dataclass(frozen=True, slots=True)
class Trouble:
    """What somebody comes for, and where it is found: regions by their words, most often first."""

    title: str
    complaint: str
    code: str
    regions: tuple[str, ...]
    goals: tuple[str, str]
    function: str
    story: str


TROUBLES = (
    Trouble(
        "Low back pain",
        "Low back pain for several weeks",
        "M54.50",
        ("lumbar", "sacral", "pelvic", "thoracic", "lower_extremity"),
        ("Stand through a shift", "Lift a laundry basket"),
        "Stands 20 minutes before it hurts",
        "Began after a weekend of yard work. Worse after sitting, better walking.",
    ),
    Trouble(
        "Neck pain",
        "Stiff, sore neck",
        "M54.2",
        ("cervical", "thoracic", "rib", "head"),
        ("Look over the shoulder while driving", "Read for an hour"),
        "Turns the head halfway to the left",
        "Came on slowly at the desk. Worse by evening, better with warmth.",
    ),
    Trouble(
        "Tension headache",
        "Headaches, most afternoons",
        "G44.209",
        ("head", "cervical", "thoracic", "rib"),
        ("Work a whole day", "Play with the children after work"),
        "Lies down twice a week",
        "A tight band, both sides. No change in sight or speech.",
    ),
    Trouble(
        "Mid-back pain",
        "Pain between the shoulder blades",
        "M54.6",
        ("thoracic", "rib", "cervical", "lumbar"),
        ("Sit through a meeting", "Carry groceries"),
        "Sits 30 minutes before it hurts",
        "Since a new desk. Worse sitting, better lying down.",
    ),
    Trouble(
        "Shoulder pain, right",
        "Right shoulder hurts when reaching",
        "M25.511",
        ("upper_extremity", "rib", "thoracic", "cervical"),
        ("Reach the top shelf", "Sleep on the right side"),
        "Reaches to the height of the eyes",
        "After painting a room. No numbness, no weakness.",
    ),
    Trouble(
        "Hip pain, left",
        "Left hip aches when walking",
        "M25.552",
        ("pelvic", "lower_extremity", "lumbar", "sacral"),
        ("Walk two miles", "Climb stairs without the rail"),
        "Walks 15 minutes before it hurts",
        "Over a year, slowly more. Worse on stairs.",
    ),
    Trouble(
        "Knee pain, right",
        "Right knee sore after running",
        "M25.561",
        ("lower_extremity", "pelvic", "sacral", "lumbar"),
        ("Run three miles", "Kneel in the garden"),
        "Runs half a mile before it hurts",
        "Since training for a race. No locking, no swelling.",
    ),
    Trouble(
        "Rib pain, left",
        "Sore ribs on the left with deep breaths",
        "R07.81",
        ("rib", "thoracic", "abdomen", "cervical"),
        ("Breathe deeply without pain", "Sing in the choir again"),
        "Sleeps on the right side only",
        "After a long cough that is gone now. No fever.",
    ),
)

# {s} the side, {o} the other, {n} how severe. The first part is the place, which treatments name again.
FINDINGS: dict[str, tuple[tuple[str, str], ...]] = {
    "head": (
        ("OA", "OA FS{s}R{o} ({n}), tender"),
        ("SBS", "SBS {S} torsion ({n})"),
        ("OM suture", "{S} OM suture restricted ({n})"),
        ("suboccipitals", "suboccipitals tender ({n})"),
    ),
    "cervical": (
        ("AA", "AA R{S} ({n})"),
        ("C3", "C3 ERS{s} ({n}), tender"),
        ("C4", "C4 FRS{s} ({n})"),
        ("C5", "C5 FRS{s} ({n}), tender"),
        ("C6", "C6 ERS{s} ({n})"),
    ),
    "thoracic": (
        ("T2", "T2 ERS{s} ({n})"),
        ("T4", "T4 FRS{s} ({n}), tender"),
        ("T5", "T5 FRS{s} ({n}), tender"),
        ("T7", "T7 ERS{s} ({n})"),
        ("T3-T6", "T3-T6 NS{s}R{o} ({n})"),
    ),
    "rib": (
        ("rib 1", "rib 1 {S} inh ({n})"),
        ("ribs 3-5", "ribs 3-5 {S} inh ({n})"),
        ("rib 6", "rib 6 {S} exh ({n}), tender"),
        ("ribs 8-10", "ribs 8-10 {S} exh ({n})"),
    ),
    "lumbar": (
        ("L3", "L3 ERS{s} ({n})"),
        ("L4", "L4 ERS{s} ({n}), tender"),
        ("L5", "L5 FRS{s} ({n}), tender"),
        ("L1-L4", "L1-L4 NS{s}R{o} ({n})"),
    ),
    "sacral": (
        ("sacrum", "sacrum {S} on {S} torsion ({n})"),
        ("SI joint", "{S} SI joint restricted ({n})"),
        ("piriformis", "{S} piriformis tender ({n})"),
    ),
    "pelvic": (
        ("innominate", "{S} innominate ant ({n})"),
        ("innominate", "{S} innominate post ({n})"),
        ("innominate", "{S} innominate upslip ({n})"),
    ),
    "lower_extremity": (
        ("fibular head", "{S} fibular head post ({n})"),
        ("hamstrings", "{S} hamstrings tight ({n})"),
    ),
    "upper_extremity": (
        ("AC joint", "{S} AC joint restricted ({n})"),
        ("radial head", "{S} radial head ant ({n})"),
    ),
    "abdomen": (("diaphragm", "diaphragm restricted ({n})"), ("mesentery", "mesentery restricted ({n})")),
}
NORMAL = {"abdomen": "abdomen: no dysfunction", "lower_extremity": "LE: no dysfunction", "head": "head not examined"}
REGION_WORDS = {
    "head": "head",
    "cervical": "neck",
    "thoracic": "T-spine",
    "rib": "ribs",
    "lumbar": "L-spine",
    "sacral": "sacrum",
    "pelvic": "pelvis",
    "lower_extremity": "LE",
    "upper_extremity": "UE",
    "abdomen": "abdomen",
}
# The short name that is written, and the card by which safety knows it.
TECHNIQUES: dict[str, tuple[tuple[str, str], ...]] = {
    "head": (("OCMM", "OCMM"), ("BLT", "BLT"), ("MFR", "MFR")),
    "cervical": (("ME", "ME"), ("BLT", "BLT"), ("FPR", "FPR"), ("ST", "SOFT"), ("HVLA", "HVLA")),
    "thoracic": (("ME", "ME"), ("HVLA", "HVLA"), ("MFR", "MFR"), ("BLT", "BLT"), ("ST", "SOFT")),
    "rib": (("ME", "ME"), ("BLT", "BLT"), ("MFR", "MFR"), ("ART", "ART")),
    "lumbar": (("ME", "ME"), ("MFR", "MFR"), ("BLT", "BLT"), ("HVLA", "HVLA"), ("FPR", "FPR")),
    "sacral": (("ME", "ME"), ("BLT", "BLT"), ("MFR", "MFR")),
    "pelvic": (("ME", "ME"), ("BLT", "BLT"), ("MFR", "MFR")),
    "lower_extremity": (("ME", "ME"), ("BLT", "BLT"), ("MFR", "MFR")),
    "upper_extremity": (("ME", "ME"), ("BLT", "BLT"), ("ART", "ART")),
    "abdomen": (("MFR", "MFR"), ("VM", "VISC")),
}
EXERCISES = (
    "Walk 20 minutes daily",
    "Chin tucks, 10, twice a day",
    "Pelvic tilts, 10, morning and evening",
    "Doorway stretch, 30 seconds, 3 times",
    "Breathing exercise, 5 minutes daily",
)
