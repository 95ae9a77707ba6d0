#include "services/notifications/delivery_module.h"

#include <filesystem>
#include <utility>

#include "absl/strings/strip.h"
#include "common/base/status_macros.h"
#include "common/crypto/master_key.h"
#include "services/notifications/sending/options.h"

namespace veche::notifications {

absl::StatusOr<std::unique_ptr<DeliveryModule>> DeliveryModule::Open(
    const rpc::Environment& environment, Needs needs) {
  ASSIGN_OR_RETURN(Keys keys, OpenKeys(environment, needs.database));
  return std::unique_ptr<DeliveryModule>(
      new DeliveryModule(environment, std::move(needs), std::move(keys)));
}

absl::StatusOr<DeliveryModule::Keys> DeliveryModule::OpenKeys(const rpc::Environment& environment,
                                                              sql::Database& database) {
  bool has_push = false, has_webhooks = false;
  EndpointStore store("");
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(has_push, store.HasPush(transaction));
    ASSIGN_OR_RETURN(has_webhooks, store.HasWebhooks(transaction));
    return absl::OkStatus();
  }));
  Keys keys;
  ASSIGN_OR_RETURN(const std::string master,
                   crypto::OpenMasterKey(environment.KeyFile("notifications.key"),
                                         /*may_create=*/!has_webhooks));
  keys.master_key = master;
  keys.seal_key = crypto::DeriveKey(master, "veche/notifications/v1/webhooks");
  const config::v1::Delivery& config = environment.config.delivery();
  if (!PushAdministrator(environment.config).empty()) {
    const std::string& file = config.web_push().key_file();
    ASSIGN_OR_RETURN(keys.vapid_key, LoadVapidKey(file.empty() ? environment.KeyFile("push.key")
                                                               : std::filesystem::path(file),
                                                  /*may_create=*/file.empty() && !has_push));
  }
  ASSIGN_OR_RETURN(keys.webhook_rules, ReadWebhookRules(config.webhooks()));
  ASSIGN_OR_RETURN(keys.client, http_client::Client::Create(ClientOptions(config)));
  return keys;
}

DeliveryModule::DeliveryModule(const rpc::Environment& environment, Needs needs, Keys keys)
    : environment_(environment),
      database_(needs.database),
      push_rules_{.private_addresses = environment.config.delivery().private_addresses()},
      webhook_rules_(std::move(keys.webhook_rules)),
      endpoints_(std::move(keys.seal_key)),
      client_(std::move(keys.client)),
      messages_({.database = needs.database,
                 .notices = needs.notices,
                 .texts = needs.texts,
                 .public_url =
                     std::string(absl::StripSuffix(environment.config.city().public_url(), "/")),
                 .language = environment.config.city().language(),
                 .posts = std::move(needs.posts),
                 .readers = std::move(needs.readers)}),
      push_sender_(needs.database, endpoints_,
                   keys.vapid_key ? &signer_.emplace(std::move(keys.vapid_key),
                                                     PushAdministrator(environment.config))
                                  : nullptr),
      webhook_sender_(needs.database, endpoints_, webhook_rules_),
      push_worker_({.channel = Channel::kWebPush,
                    .limits = PushLimits(environment.config.delivery().web_push())},
                   {needs.database, store_, messages_, push_sender_, *client_, environment.clock,
                    needs.telemetry}),
      webhook_worker_({.channel = Channel::kWebhook,
                       .limits = WebhookLimits(environment.config.delivery().webhooks())},
                      {needs.database, store_, messages_, webhook_sender_, *client_,
                       environment.clock, needs.telemetry}),
      prune_(needs.database, store_, environment.clock, environment.ids, needs.telemetry),
      delivery_calls_({needs.database, store_, environment.clock, [this] { Wake(); }}),
      endpoint_calls_({needs.database, endpoints_, signer_ ? &*signer_ : nullptr, push_rules_,
                       webhook_rules_, environment.clock, environment.ids}) {
  if (needs.contact_messages) {
    contact_messages_ = needs.contact_messages(messages_, keys.master_key);
  }
  if (needs.contacts != nullptr) {
    MessageSource& source = contact_messages_ ? *contact_messages_ : messages_;
    contact_worker_.emplace(ContactWorkerOptions{},
                            ContactWorker::Parts{needs.database, store_, source, *needs.contacts,
                                                 environment.clock, needs.telemetry});
  }
}

absl::Status DeliveryModule::Start() {
  // The data folder of an embedded database is locked: no other process has claimed anything.
  if (database_.engine() == sql::Engine::kSqlite) {
    RETURN_IF_ERROR(database_.Write([&](sql::Transaction& transaction) -> absl::Status {
      for (const Channel channel : {Channel::kWebPush, Channel::kContact, Channel::kWebhook}) {
        RETURN_IF_ERROR(store_.Recover(transaction, channel, environment_.clock.Now()));
      }
      return absl::OkStatus();
    }));
  }
  push_worker_.Start();
  webhook_worker_.Start();
  if (contact_worker_) contact_worker_->Start();
  prune_.Start();
  return absl::OkStatus();
}

void DeliveryModule::Wake() {
  push_worker_.Wake();
  webhook_worker_.Wake();
  if (contact_worker_) contact_worker_->Wake();
}

void DeliveryModule::Stop() {
  prune_.Stop();
  if (contact_worker_) contact_worker_->Stop();
  webhook_worker_.Stop();
  push_worker_.Stop();
}

}  // namespace veche::notifications
