#pragma once

#include <string>
#include <vector>

#include "common/sql/database.h"
#include "services/notifications/push/vapid.h"
#include "services/notifications/sending/sender.h"
#include "services/notifications/storage/endpoint_store.h"

namespace veche::notifications {

// The request of RFC 8030 for a browser, encrypted and signed. InvalidArgument when the keys of the
// subscription are not valid.
absl::StatusOr<http_client::Request> MakePushRequest(const PushSubscription& subscription,
                                                     const Message& message, absl::string_view key,
                                                     VapidSigner& signer, absl::Time now);

// Messages to browsers. Thread-safe.
class PushSender final : public RequestMaker {
 public:
  // All must outlive the object. `signer` is null when no messages to browsers are sent.
  PushSender(sql::Database& database, EndpointStore& store, VapidSigner* signer)
      : database_(database), store_(store), signer_(signer) {}

  absl::StatusOr<std::vector<Prepared>> Prepare(absl::Span<const Job> jobs,
                                                absl::Time now) override;
  absl::Status Forget(absl::Span<const std::string> endpoints) override;

 private:
  sql::Database& database_;
  EndpointStore& store_;
  VapidSigner* const signer_;
};

}  // namespace veche::notifications
