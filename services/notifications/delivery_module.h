#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/http_client/client.h"
#include "common/rpc/module.h"
#include "common/sql/database.h"
#include "services/notifications/calls/delivery_calls.h"
#include "services/notifications/calls/endpoint_calls.h"
#include "services/notifications/push/vapid.h"
#include "services/notifications/sending/message_writer.h"
#include "services/notifications/sending/push_sender.h"
#include "services/notifications/sending/webhook_sender.h"
#include "services/notifications/storage/delivery_store.h"
#include "services/notifications/storage/endpoint_store.h"
#include "services/notifications/workers/contact_worker.h"
#include "services/notifications/workers/delivery_prune.h"
#include "services/notifications/workers/delivery_worker.h"

namespace veche::notifications {

// The parts of deliveries, put together: a part of the module.
class DeliveryModule {
 public:
  // What deliveries need of the other parts of the module.
  struct Needs {
    sql::Database& database;
    const Texts& texts;
    observe::Telemetry& telemetry;
    Store& notices;
    decltype(MessageWriter::Parts::posts) posts;
    decltype(MessageWriter::Parts::readers) readers;
    ContactSender* contacts = nullptr;  // null: deliveries to contacts wait
    // Makes what writes the messages to contacts. `others` writes all other messages; `master_key`
    // is that of the service. Null: `others` writes these, too.
    std::function<std::unique_ptr<MessageSource>(MessageSource& others,
                                                 absl::string_view master_key)>
        contact_messages;
  };
  // Reads or makes the keys. The environment and `needs` must outlive the result.
  static absl::StatusOr<std::unique_ptr<DeliveryModule>> Open(const rpc::Environment& environment,
                                                              Needs needs);

  DeliveryStore& store() { return store_; }
  EndpointStore& endpoints() { return endpoints_; }
  DeliveryCalls& delivery_calls() { return delivery_calls_; }
  EndpointCalls& endpoint_calls() { return endpoint_calls_; }
  const PushInputRules& push_rules() const { return push_rules_; }

  absl::Status Start();
  // There may be new deliveries. Quick.
  void Wake();
  void Stop();

 private:
  struct Keys {
    std::string master_key;
    std::string seal_key;
    crypto::EvpKey vapid_key;  // null when no messages to browsers are sent
    WebhookRules webhook_rules;
    std::unique_ptr<http_client::Client> client;
  };
  DeliveryModule(const rpc::Environment& environment, Needs needs, Keys keys);
  static absl::StatusOr<Keys> OpenKeys(const rpc::Environment& environment,
                                       sql::Database& database);

  const rpc::Environment& environment_;
  sql::Database& database_;
  const PushInputRules push_rules_;
  const WebhookRules webhook_rules_;
  DeliveryStore store_;
  EndpointStore endpoints_;
  std::optional<VapidSigner> signer_;
  const std::unique_ptr<http_client::Client> client_;
  MessageWriter messages_;
  PushSender push_sender_;
  WebhookSender webhook_sender_;
  DeliveryWorker push_worker_;
  DeliveryWorker webhook_worker_;
  std::unique_ptr<MessageSource> contact_messages_;
  std::optional<ContactWorker> contact_worker_;
  DeliveryPrune prune_;
  DeliveryCalls delivery_calls_;
  EndpointCalls endpoint_calls_;
};

}  // namespace veche::notifications
