#include "common/redis/shared_cache.h"

#include <algorithm>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/crypto/sha256.h"

namespace veche::redis {
namespace {

constexpr absl::Duration kFirstPause = absl::Milliseconds(2);
constexpr absl::Duration kLongestPause = absl::Milliseconds(32);

// KEYS: the value, the lock. ARGV: milliseconds of the lock; milliseconds of a life that ends soon.
// Returns {value, milliseconds of its life}; {} when the caller has the lock now; 0 when another
// has it and there is no value.
constexpr char kTake[] = R"(
local value = redis.call('GET', KEYS[1])
local left = value and redis.call('PTTL', KEYS[1]) or 0
if value and left > tonumber(ARGV[2]) then return {value, left} end
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', ARGV[1]) then return {} end
if value then return {value, left} end
return 0
)";

std::string Milliseconds(absl::Duration duration) {
  return absl::StrCat(absl::ToInt64Milliseconds(duration));
}

void Ignore(const absl::StatusOr<Reply>&) {}

}  // namespace

struct SharedCache::Waiting {
  Keys keys;
  absl::Duration renew_within;
  Callback done;
  absl::Time end;
  absl::Duration pause = kFirstPause;
};

SharedCache::SharedCache(Client& client, std::string space, Patience patience)
    : client_(client), space_(std::move(space)), patience_(patience), take_(kTake) {}

// Hashed: keys may be long, and may have what people searched for.
SharedCache::Keys SharedCache::KeysOf(absl::string_view key) const {
  const std::string value = absl::StrCat(space_, ":", absl::BytesToHexString(crypto::Sha256(key)));
  return {value, absl::StrCat(value, ":lock")};
}

void SharedCache::Take(absl::string_view key, absl::Duration renew_within, Callback done) {
  auto waiting = std::make_shared<Waiting>();
  waiting->keys = KeysOf(key);
  waiting->renew_within = renew_within;
  waiting->done = std::move(done);
  waiting->end = absl::Now() + patience_.wait;
  Ask(waiting);
}

void SharedCache::Ask(const std::shared_ptr<Waiting>& waiting) {
  client_.Eval(take_, {waiting->keys.value, waiting->keys.lock},
               {Milliseconds(patience_.lock), Milliseconds(waiting->renew_within)},
               [this, waiting](const absl::StatusOr<Reply>& reply) {
                 const bool wait = reply.ok() && reply->kind == Reply::Kind::kInteger;
                 if (wait && absl::Now() < waiting->end) {
                   const absl::Duration pause = waiting->pause;
                   waiting->pause = std::min(2 * pause, kLongestPause);
                   return client_.After(pause, [this, waiting] { Ask(waiting); });
                 }
                 const bool found = reply.ok() && reply->list.size() == 2 &&
                                    reply->list[1].kind == Reply::Kind::kInteger;
                 if (!found) return waiting->done(std::nullopt);
                 waiting->done(Found{std::make_shared<const std::string>(reply->list[0].text),
                                     absl::Milliseconds(reply->list[1].integer)});
               });
}

void SharedCache::Put(absl::string_view key, const std::shared_ptr<const std::string>& value,
                      absl::Duration life) {
  if (value->size() > kMostBytes || life < absl::Milliseconds(1)) return GiveUp(key);
  // The lock ends by itself: while there is a value, nobody waits for it.
  client_.Command({"SET", KeysOf(key).value, *value, "PX", Milliseconds(life)}, Ignore);
}

void SharedCache::GiveUp(absl::string_view key) {
  client_.Command({"DEL", KeysOf(key).lock}, Ignore);
}

void SharedCache::Remove(absl::string_view key) {
  const Keys keys = KeysOf(key);
  client_.Command({"DEL", keys.value, keys.lock}, Ignore);
}

}  // namespace veche::redis
