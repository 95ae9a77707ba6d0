#include <array>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"
#include "common/auth/jwt.h"
#include "common/auth/token.h"
#include "common/base/error.h"
#include "common/base/status_macros.h"
#include "common/crypto/ed25519.h"
#include "common/crypto/sha256.h"

namespace veche::auth {
namespace {

constexpr absl::Duration kFetchPause = absl::Seconds(10);  // between fetches for unknown keys
constexpr absl::Duration kFailedPause = absl::Seconds(1);  // after a failed fetch

absl::Status KeysUnavailable() {
  return MakeError(absl::StatusCode::kUnavailable, "veche", "KEYS_UNAVAILABLE");
}

// Tokens with a verified signature, by digest. Bounded: a full shard drops its expired entries or,
// when it has none, an arbitrary entry.
class VerifiedTokens {
 public:
  absl::StatusOr<Principal> Get(const std::string& digest) {
    Shard& shard = ShardOf(digest);
    absl::MutexLock lock(&shard.mutex);
    auto it = shard.tokens.find(digest);
    if (it == shard.tokens.end()) return absl::NotFoundError("");
    return it->second;
  }

  void Put(const std::string& digest, const Principal& principal, absl::Time now) {
    Shard& shard = ShardOf(digest);
    absl::MutexLock lock(&shard.mutex);
    if (shard.tokens.size() >= kShardCapacity) {
      absl::erase_if(shard.tokens,
                     [now](const auto& entry) { return entry.second.expires <= now; });
      if (shard.tokens.size() >= kShardCapacity) shard.tokens.erase(shard.tokens.begin());
    }
    shard.tokens.insert_or_assign(digest, principal);
  }

 private:
  static constexpr size_t kShards = 16;
  static constexpr size_t kShardCapacity = 256;

  struct Shard {
    absl::Mutex mutex;
    absl::flat_hash_map<std::string, Principal> tokens ABSL_GUARDED_BY(mutex);
  };

  Shard& ShardOf(const std::string& digest) {
    return shards_[static_cast<unsigned char>(digest[0]) % kShards];
  }

  std::array<Shard, kShards> shards_;
};

// The verification keys by id, fetched when needed.
class Keys {
 public:
  explicit Keys(KeySource source) : source_(std::move(source)) {}

  // Null when the identity service has no such key.
  absl::StatusOr<std::shared_ptr<EVP_PKEY>> Find(const std::string& id, absl::Time now) {
    if (auto key = Known(id)) return key;
    RETURN_IF_ERROR(Fetch(id, now));
    return Known(id);
  }

 private:
  std::shared_ptr<EVP_PKEY> Known(const std::string& id) {
    absl::ReaderMutexLock lock(&mutex_);
    auto it = keys_.find(id);
    return it == keys_.end() ? nullptr : it->second;
  }

  // One fetch at a time; callers that waited for a fetch find its keys.
  absl::Status Fetch(const std::string& id, absl::Time now) {
    absl::MutexLock fetching(&fetch_mutex_);
    if (Known(id) != nullptr) return absl::OkStatus();
    if (now < next_fetch_) return have_keys_ ? absl::OkStatus() : KeysUnavailable();
    absl::StatusOr<std::vector<PublicKey>> fetched = source_();
    if (!fetched.ok()) {
      next_fetch_ = now + kFailedPause;
      return KeysUnavailable();
    }
    next_fetch_ = now + kFetchPause;
    have_keys_ = true;
    absl::MutexLock lock(&mutex_);
    keys_.clear();
    for (const PublicKey& key : *fetched) {
      if (crypto::EvpKey evp = crypto::Ed25519FromPublic(key.bytes)) keys_[key.id] = std::move(evp);
    }
    return absl::OkStatus();
  }

  const KeySource source_;
  absl::Mutex fetch_mutex_ ABSL_ACQUIRED_BEFORE(mutex_);
  absl::Time next_fetch_ ABSL_GUARDED_BY(fetch_mutex_) = absl::InfinitePast();
  bool have_keys_ ABSL_GUARDED_BY(fetch_mutex_) = false;
  absl::Mutex mutex_;
  absl::flat_hash_map<std::string, std::shared_ptr<EVP_PKEY>> keys_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

class TokenVerifier::Cache {
 public:
  Cache(KeySource keys, const Clock& clock) : clock_(clock), keys_(std::move(keys)) {}

  absl::StatusOr<Principal> Verify(absl::string_view token, absl::string_view audience) {
    ASSIGN_OR_RETURN(Principal principal, VerifyForAny(token));
    if (principal.audience != audience) return TokenOfOtherAudience();
    return principal;
  }

 private:
  absl::StatusOr<Principal> VerifyForAny(absl::string_view token) {
    const absl::Time now = clock_.Now();
    const std::string digest = crypto::Sha256(token);
    if (auto known = tokens_.Get(digest); known.ok()) {
      if (known->expires <= now) return TokenExpired();
      return known;
    }
    ASSIGN_OR_RETURN(ParsedToken parsed, ParseToken(token));
    ASSIGN_OR_RETURN(std::shared_ptr<EVP_PKEY> key, keys_.Find(parsed.key_id, now));
    if (key == nullptr || !crypto::Ed25519Verify(*key, parsed.signed_text, parsed.signature)) {
      return TokenInvalid();
    }
    ASSIGN_OR_RETURN(Principal principal, ReadClaims(parsed.claims, now));
    tokens_.Put(digest, principal, now);
    return principal;
  }

  const Clock& clock_;
  Keys keys_;
  VerifiedTokens tokens_;
};

TokenVerifier::TokenVerifier(KeySource keys, const Clock& clock)
    : ended_sessions_(clock), cache_(std::make_unique<Cache>(std::move(keys), clock)) {}
TokenVerifier::~TokenVerifier() = default;

absl::StatusOr<Principal> TokenVerifier::Verify(absl::string_view token,
                                                absl::string_view audience) {
  ASSIGN_OR_RETURN(Principal principal, cache_->Verify(token, audience));
  // The client then tries to refresh, and identity tells it that the session has ended.
  if (ended_sessions_.Contains(principal.session)) return TokenExpired();
  return principal;
}

}  // namespace veche::auth
