#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/sql/database.h"
#include "services/notifications/sending/sender.h"
#include "services/notifications/storage/endpoint_store.h"

namespace veche::notifications {

// A messenger with an HTTP interface, as the configuration has it.
struct Messenger {
  std::string name;
  std::string title;  // what residents read
  std::string url;    // with {address}
  std::string body;   // JSON, with {address}, {title}, {text} and {link}
  std::vector<std::pair<std::string, std::string>> headers;
};

// Which webhooks are sent.
struct WebhookRules {
  std::vector<std::string> hosts;  // of residents' own URLs
  std::vector<Messenger> messengers;

  const Messenger* Find(absl::string_view name) const;
  bool Allows(absl::string_view host) const;
};

// The value of Veche-Signature: "t=<seconds>,v1=<HMAC-SHA256 of 't.body' in hexadecimal>".
// docs/webhooks.md says how receivers check it.
std::string WebhookSignature(absl::string_view secret, absl::string_view body, absl::Time now);
// The body of a webhook, in JSON.
std::string WebhookBody(const Message& message, absl::string_view key, absl::Time now);

// Messages to webhooks and messengers. Thread-safe.
class WebhookSender final : public RequestMaker {
 public:
  // All must outlive the object.
  WebhookSender(sql::Database& database, EndpointStore& store, const WebhookRules& rules)
      : database_(database), store_(store), rules_(rules) {}

  absl::StatusOr<std::vector<Prepared>> Prepare(absl::Span<const Job> jobs,
                                                absl::Time now) override;
  // A webhook stays: its owner sees it and removes it.
  absl::Status Forget(absl::Span<const std::string>) override { return absl::OkStatus(); }

 private:
  Prepared PrepareOne(const Webhook& webhook, const Job& job, absl::Time now) const;

  sql::Database& database_;
  EndpointStore& store_;
  const WebhookRules& rules_;
};

}  // namespace veche::notifications
