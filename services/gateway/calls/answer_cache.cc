#include "services/gateway/calls/answer_cache.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/rpc/status.h"
#include "services/gateway/calls/problem.h"

namespace veche::gateway {
namespace {

// The begin of what is packed. An error has only a body: the details of its gRPC status.
struct Head {
  uint32_t error;  // 0 or 1
  uint32_t etag;
  uint32_t content_type;
  uint32_t body;
};

absl::string_view BytesOf(const Head& head) {
  return {reinterpret_cast<const char*>(&head), sizeof(head)};
}

uint32_t SizeOf(absl::string_view text) { return static_cast<uint32_t>(text.size()); }

// The life that is left when an answer is fetched anew.
absl::Duration RenewWithin(absl::Duration life) { return life / 10; }

std::string ChangedKey(absl::string_view key) { return absl::StrCat("changed ", key); }

}  // namespace

std::shared_ptr<const std::string> CachedAnswer::Pack(absl::string_view etag,
                                                      absl::string_view content_type,
                                                      absl::string_view body,
                                                      absl::string_view gzip) {
  const Head head = {0, SizeOf(etag), SizeOf(content_type), SizeOf(body)};
  return std::make_shared<const std::string>(
      absl::StrCat(BytesOf(head), etag, content_type, body, gzip));
}

std::shared_ptr<const std::string> CachedAnswer::PackError(const absl::Status& status) {
  const std::string details = rpc::ToGrpc(status).error_details();
  if (!absl::IsNotFound(status) || details.empty()) return nullptr;
  return std::make_shared<const std::string>(
      absl::StrCat(BytesOf({1, 0, 0, SizeOf(details)}), details));
}

absl::StatusOr<CachedAnswer> CachedAnswer::Unpack(absl::string_view packed) {
  Head head;
  if (packed.size() < sizeof(head)) return absl::InternalError("not an answer");
  std::memcpy(&head, packed.data(), sizeof(head));
  packed.remove_prefix(sizeof(head));
  if (uint64_t{head.etag} + head.content_type + head.body > packed.size()) {
    return absl::InternalError("not an answer");
  }
  const auto take = [&](size_t size) {
    const absl::string_view part = packed.substr(0, size);
    packed.remove_prefix(size);
    return part;
  };
  CachedAnswer answer{
      .etag = take(head.etag), .content_type = take(head.content_type), .body = take(head.body)};
  answer.gzip = packed;
  if (head.error == 0) return answer;
  return rpc::FromGrpc({grpc::StatusCode::NOT_FOUND, "not found", std::string(answer.body)});
}

AnswerCache::Packed AnswerCache::Get(absl::string_view key, absl::Duration life) {
  cache::Cache::Kept kept = cache_.Get(key);
  if (!kept.value || kept.expires - clock_.Now() > RenewWithin(life)) return kept.value;
  absl::MutexLock lock(&mutex_);
  return flights_.contains(key) ? kept.value : nullptr;
}

std::shared_ptr<AnswerCache::Flight> AnswerCache::Join(const std::string& key, absl::Duration life,
                                                       Waiter waiter) {
  absl::MutexLock lock(&mutex_);
  std::shared_ptr<Flight>& flight = flights_[key];
  const bool first = flight == nullptr;
  if (first) {
    flight = std::make_shared<Flight>();
    flight->key_ = key;
    flight->life_ = life;
    flight->asked_ = clock_.Now();
  }
  flight->waiters_.push_back(std::move(waiter));
  return first ? flight : nullptr;
}

void AnswerCache::Fetch(const std::shared_ptr<Flight>& flight, std::function<void()> ask) {
  if (shared_ == nullptr || cache_.Get(ChangedKey(flight->key_)).value) return ask();
  shared_->Take(flight->key_, RenewWithin(flight->life_),
                [this, flight, ask = std::move(ask)](std::optional<redis::SharedCache::Found> got) {
                  if (got && !absl::IsInternal(CachedAnswer::Unpack(*got->value).status())) {
                    Deliver(flight, std::move(got->value), std::min(got->left, flight->life_));
                    return;
                  }
                  flight->asked_ = clock_.Now();
                  ask();
                });
}

void AnswerCache::Land(const std::shared_ptr<Flight>& flight,
                       const absl::StatusOr<Packed>& answer) {
  const absl::Duration left = flight->life_ - (clock_.Now() - flight->asked_);
  const Packed error = answer.ok() ? nullptr : CachedAnswer::PackError(answer.status());
  const absl::StatusOr<Packed>& kept = error ? absl::StatusOr<Packed>(error) : answer;
  const bool share = Deliver(flight, kept, left);
  if (shared_ == nullptr) return;
  share ? shared_->Put(flight->key_, *kept, left) : shared_->GiveUp(flight->key_);
}

bool AnswerCache::Deliver(const std::shared_ptr<Flight>& flight,
                          const absl::StatusOr<Packed>& answer, absl::Duration left) {
  std::vector<Waiter> waiters;
  Packed packed = answer.ok() ? *answer : nullptr;
  bool keep;
  {
    absl::MutexLock lock(&mutex_);
    // Stored under the lock, so that an invalidation comes either before, and marks the flight, or
    // after, and removes the answer.
    keep = packed && !flight->stale_ && left > absl::ZeroDuration();
    if (keep && most_local_ > absl::ZeroDuration()) {
      cache_.Put(flight->key_, packed, std::min(left, most_local_));
    }
    if (!flight->stale_) flights_.erase(flight->key_);
    waiters = std::move(flight->waiters_);
  }
  // What was to be fetched anew is still good.
  if (!packed && IsOverload(answer.status())) packed = cache_.Get(flight->key_).value;
  const absl::StatusOr<CachedAnswer> unpacked =
      packed ? CachedAnswer::Unpack(*packed) : answer.status();
  for (const Waiter& waiter : waiters) waiter(unpacked, packed);
  return keep;
}

void AnswerCache::Invalidate(const std::string& key, absl::Duration life) {
  absl::MutexLock lock(&mutex_);
  cache_.Remove(key);
  if (shared_ != nullptr) {
    cache_.Put(ChangedKey(key), std::make_shared<const std::string>(), life);
    shared_->Remove(key);
  }
  const auto found = flights_.find(key);
  if (found == flights_.end()) return;
  // Waiting requests came before the change was answered and may get the old state; later requests
  // need a new flight.
  found->second->stale_ = true;
  flights_.erase(found);
}

}  // namespace veche::gateway
