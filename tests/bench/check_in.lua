-- wrk: each request checks in another student (CHECK_IN_TOKENS: a token a line), session after
-- session from CHECK_IN_SESSION on.  Prints what wrk does not: p50, p99.
local tokens, n = {}, 0
for line in io.lines(os.getenv("CHECK_IN_TOKENS")) do
  n = n + 1
  tokens[n] = "Bearer " .. line
end
local first, k = tonumber(os.getenv("CHECK_IN_SESSION")), 0
local headers = { ["Content-Type"] = "application/json" }

function request()
  headers["Authorization"] = tokens[k % n + 1]
  local body = '{"session_id":' .. (first + math.floor(k / n)) .. "}"
  k = k + 1
  return wrk.format("POST", "/api/v1/check-in", headers, body)
end

function done(summary, latency)
  io.write(string.format("p50_us %d p99_us %d\n", latency:percentile(50), latency:percentile(99)))
end
