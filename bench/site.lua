-- One kind of request for wrk, with as many threads as clients: each thread is one person with a session of their own.
-- Arguments: kind, file of lines. Lines of a GET are paths; of an autosave `session visit-path`, texts follow after `--`.

local counter = 0

function setup(thread)
  thread:set("number", counter)
  counter = counter + 1
end

function init(args)
  kind, paths, sessions, texts, errors = args[1], {}, {}, {}, 0
  for line in io.lines(args[2]) do
    local what, rest = line:match("^(%a+) (.*)$")
    if what == "session" then sessions[#sessions + 1] = rest end
    if what == "path" then paths[#paths + 1] = rest end
    if what == "text" then texts[#texts + 1] = rest end
  end
  math.randomseed(number + 7)
  session = sessions[number % #sessions + 1]
  cookie = "sessionid=" .. session .. "; csrftoken=" .. string.rep("a", 32)
  -- every third finding is still being typed, so that half-written words are read too
  revision, have, typed, waiting = 0, {}, "", false
  own = paths[number % #paths + 1]
end

local function save()
  local line = texts[math.random(#texts)]
  if typed == "" or #typed > 400 then typed = line
  elseif math.random(3) == 1 then typed = typed .. "\\n" .. line:sub(1, math.random(#line))
  else typed = typed .. "\\n" .. line end
  local held = {}
  for name, digest in pairs(have) do held[#held + 1] = string.format('"%s":"%s"', name, digest) end
  local body = string.format(
    '{"draft":{"text":"%s","complaint":"Low back pain","agreed":true},"base":%d,"tab":"bench%d","line":%d,"have":{%s}}',
    typed, revision, number, select(2, typed:gsub("\\n", "")) + 1, table.concat(held, ","))
  return wrk.format("POST", own, {
    ["Cookie"] = cookie, ["X-CSRFToken"] = string.rep("a", 32), ["Content-Type"] = "application/json",
    ["Accept"] = "application/json"}, body)
end

function request()
  if kind == "save" then return save() end
  return wrk.format("GET", paths[math.random(#paths)], {["Cookie"] = cookie, ["HX-Request"] = kind == "find" and "true" or nil})
end

function response(status, headers, body)
  if status ~= 200 then errors = errors + 1 end
  if kind ~= "save" then return end
  revision = tonumber(body:match('"revision": (%d+)')) or revision
  for name, digest in body:gmatch('"([%w-]+)": %["(%x+)"') do have[name] = digest end
end

function done(summary, latency, requests)
  local bad = summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout
  io.write(string.format("RESULT %d %d %.2f %.2f %.2f\n", summary.requests, bad,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
