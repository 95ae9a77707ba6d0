#include "services/gateway/calls/rate_limits.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"

namespace veche::gateway {
namespace {

// Token buckets kept of each kind: about 3 MB.
constexpr size_t kBuckets = 1 << 16;
constexpr size_t kHashBytes = 16;

// The generic cell rate algorithm: a key holds the time, in microseconds of the server's clock, at
// which its bucket is full again. KEYS: one for each limit. ARGV: two for each limit, the
// microseconds of one request and of a whole burst. Returns the microseconds until all limits allow
// the request; 0 when they do, and only then takes it from all.
constexpr char kTake[] = R"(
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local wait = 0
local full = {}
for i, key in ipairs(KEYS) do
  local before = tonumber(redis.call('GET', key) or 0)
  if before < now then before = now end
  full[i] = before + tonumber(ARGV[2 * i - 1])
  local over = full[i] - now - tonumber(ARGV[2 * i])
  if over > wait then wait = over end
end
if wait > 0 then return math.ceil(wait) end
for i, key in ipairs(KEYS) do
  redis.call('SET', key, string.format('%.0f', full[i]), 'PX', math.ceil((full[i] - now) / 1000))
end
return 0
)";

// Neither addresses nor tokens are written to Redis.
std::string HashOf(absl::string_view text) {
  return absl::BytesToHexString(crypto::Sha256(text).substr(0, kHashBytes));
}

}  // namespace

RateLimits::RateLimits(const Options& options, const Clock& clock, redis::Client* redis)
    : addresses_(options.address.rate, options.address.burst, kBuckets, clock),
      callers_(options.caller.rate, options.caller.burst, kBuckets, clock),
      redis_(redis),
      take_(kTake) {
  AddLimit("veche:limit:1:address:", false, options.address);
  AddLimit("veche:limit:1:caller:", true, options.caller);
}

void RateLimits::AddLimit(const char* space, bool of_caller, const Rate& rate) {
  if (rate.rate <= 0) return;
  const double step = 1e6 / rate.rate;
  limits_.push_back(
      {space, of_caller, absl::StrCat(step), absl::StrCat(step * std::max(1.0, rate.burst))});
}

absl::Duration RateLimits::Take(absl::string_view address, absl::string_view token) {
  const absl::Duration delay = addresses_.Take(address);
  if (delay > absl::ZeroDuration()) return delay;
  // The key is the token itself. The name in the token is not verified yet, so with the name as key
  // anybody could use up another caller's limit.
  return callers_.Take(token.empty() ? address : token);
}

void RateLimits::TakeShared(absl::string_view address, absl::string_view token,
                            std::function<void(absl::Duration)> done) {
  std::vector<std::string> keys;
  std::vector<std::string> arguments;
  for (const Limit& limit : limits_) {
    keys.push_back(
        absl::StrCat(limit.space, HashOf(limit.of_caller && !token.empty() ? token : address)));
    arguments.push_back(limit.step);
    arguments.push_back(limit.burst);
  }
  redis_->Eval(take_, keys, arguments,
               [done = std::move(done)](const absl::StatusOr<redis::Reply>& reply) {
                 const bool refused = reply.ok() && reply->integer > 0;
                 done(refused ? absl::Microseconds(reply->integer) : absl::ZeroDuration());
               });
}

}  // namespace veche::gateway
