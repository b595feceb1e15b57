-- wrk: each request checks in another student (CHECK_IN_TOKENS: a token a line), session after
-- session from CHECK_IN_SESSION on; without tokens wrk asks for its address.  Prints what wrk does
-- not: p50 and p99.
local path = os.getenv("CHECK_IN_TOKENS")
local tokens, n, k = {}, 0, 0
local headers = { ["Content-Type"] = "application/json" }

for line in io.lines(path or "/dev/null") do
  n = n + 1
  tokens[n] = "Bearer " .. line
end
if path then
  local first = tonumber(os.getenv("CHECK_IN_SESSION"))

  function request()
    headers["Authorization"] = tokens[k % n + 1]
    local body = '{"session_id":' .. (first + math.floor(k / n)) .. "}"
    k = k + 1
    return wrk.format("POST", "/api/v1/check-in", headers, body)
  end
end

function done(summary, latency)
  io.write(string.format("p50_us %d p99_us %d\n", latency:percentile(50), latency:percentile(99)))
end
