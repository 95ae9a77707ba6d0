#include "services/notifications/sending/push_sender.h"

#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "services/notifications/push/encryption.h"
#include "services/notifications/push/push_message.h"

namespace veche::notifications {

absl::StatusOr<http_client::Request> MakePushRequest(const PushSubscription& subscription,
                                                     const Message& message, absl::string_view key,
                                                     VapidSigner& signer, absl::Time now) {
  http_client::Request request{.method = "POST", .url = subscription.endpoint};
  ASSIGN_OR_RETURN(request.body,
                   EncryptPush(PushText(message, key), subscription.p256dh, subscription.auth));
  request.headers = {
      {"Authorization", signer.Authorization(OriginOf(subscription.endpoint), now)},
      {"Content-Encoding", "aes128gcm"},
      {"Content-Type", "application/octet-stream"},
      {"TTL", absl::StrCat(TtlOf(message, now))},
      {"Topic", std::string(key)},
      {"Urgency", std::string(UrgencyOf(message.severity))},
  };
  return request;
}

absl::StatusOr<std::vector<Prepared>> PushSender::Prepare(absl::Span<const Job> jobs,
                                                          absl::Time now) {
  std::vector<std::string> ids;
  for (const Job& job : jobs) ids.push_back(job.first().endpoint);
  absl::flat_hash_map<std::string, PushSubscription> found;
  RETURN_IF_ERROR(database_.Read([&](sql::Transaction& transaction) -> absl::Status {
    found.clear();
    ASSIGN_OR_RETURN(std::vector<PushSubscription> subscriptions, store_.GetPush(transaction, ids));
    for (PushSubscription& subscription : subscriptions) {
      std::string id = subscription.id;
      found.emplace(std::move(id), std::move(subscription));
    }
    return absl::OkStatus();
  }));
  std::vector<Prepared> prepared;
  for (const Job& job : jobs) {
    Prepared& result = prepared.emplace_back();
    const auto subscription = found.find(job.first().endpoint);
    if (signer_ == nullptr) {
      result.verdict = {.kind = Verdict::Kind::kRefused, .error = "NOT_CONFIGURED"};
    } else if (subscription == found.end() ||
               subscription->second.expire_time.value_or(absl::InfiniteFuture()) <= now ||
               subscription->second.subscriber != job.first().subscriber) {
      // A browser that has another owner since then is nothing to this subscriber, but stays.
      const bool expired =
          subscription != found.end() && subscription->second.subscriber == job.first().subscriber;
      result.verdict = {.kind = Verdict::Kind::kGone, .error = expired ? "EXPIRED" : "GONE"};
    } else {
      absl::StatusOr<http_client::Request> request =
          MakePushRequest(subscription->second, job.message, job.key(), *signer_, now);
      if (request.ok()) {
        result.provider = OriginOf(subscription->second.endpoint);
        result.request = *std::move(request);
      } else {
        result.verdict = {.kind = Verdict::Kind::kRefused, .error = "KEYS"};
      }
    }
  }
  return prepared;
}

absl::Status PushSender::Forget(absl::Span<const std::string> endpoints) {
  return database_.Write(
      [&](sql::Transaction& transaction) { return store_.DeleteGone(transaction, endpoints); });
}

}  // namespace veche::notifications
