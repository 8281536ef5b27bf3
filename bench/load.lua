-- Asks for one address again and again; with VARY each request has a query string of its own.
local number = 0

function request()
  if os.getenv("VARY") then
    number = number + 1
    return wrk.format("GET", wrk.path .. "?n=" .. number)
  end
  return wrk.format("GET", wrk.path)
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format(
    '{"answers": %d, "microseconds": %d, "refused": %d, "broken": %d, "p50": %.3f, "p95": %.3f}\n',
    summary.requests, summary.duration, failed.status,
    failed.connect + failed.read + failed.write + failed.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000))
end
