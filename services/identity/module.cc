#include "services/identity/module.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/token.h"
#include "common/base/status_macros.h"
#include "common/rpc/dispatcher.h"
#include "common/rpc/idempotency.h"
#include "services/identity/calls/account_handlers.h"
#include "services/identity/calls/message_handlers.h"
#include "services/identity/calls/service.h"
#include "services/identity/calls/sign_in_handlers.h"
#include "services/identity/delivery/file_outbox.h"
#include "services/identity/storage/migrations.h"
#include "services/identity/storage/store.h"
#include "services/identity/texts.h"
#include "services/identity/vault/password.h"
#include "services/identity/vault/vault.h"
#include "services/identity/workers/courier.h"

namespace veche::identity {
namespace {

absl::StatusOr<Vault> OpenVault(sql::Database& database, const rpc::Environment& environment) {
  bool has_keys = false;
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(has_keys, Store::HasSigningKey(transaction));
    return absl::OkStatus();
  }));
  return Vault::Open(environment.data_dir / "identity.key", /*may_create=*/!has_keys);
}

// The signing key of the installation. The replica that starts first creates it.
absl::StatusOr<std::unique_ptr<auth::TokenSigner>> LoadSigner(sql::Database& database,
                                                              Store& store) {
  const std::string candidate = auth::TokenSigner::Generate()->ToPem();
  std::vector<std::string> pems;
  const absl::Status status = database.Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(store.AddFirstSigningKey(transaction, candidate));
    ASSIGN_OR_RETURN(pems, store.ListSigningKeys(transaction));
    return absl::OkStatus();
  });
  if (absl::IsDataLoss(status)) {
    return absl::FailedPreconditionError(
        "identity.key is not the key that this database was made with. Put the right one back.");
  }
  RETURN_IF_ERROR(status);
  return auth::TokenSigner::FromPem(pems.front());
}

rpc::DispatcherOptions Options(const config::v1::Config& config) {
  rpc::DispatcherOptions options{
      .service = "identity",
      .descriptors = {v1::SignInRequest::descriptor()->file()->FindServiceByName("Identity")}};
  options.texts = TextFiles();
  options.language = config.city().language();
  if (config.pool().threads() > 0) options.threads = config.pool().threads();
  if (config.pool().queue() > 0) options.queue = config.pool().queue();
  return options;
}

std::string Language(const config::v1::Config& config) {
  return config.city().language().empty() ? "ru" : config.city().language();
}

// The parts in the order in which they need each other.
class IdentityModule final : public rpc::Module {
 public:
  IdentityModule(const rpc::Environment& environment, std::unique_ptr<sql::Database> database,
                 Vault vault, Texts texts)
      : telemetry_(environment.telemetry),
        texts_(std::move(texts)),
        database_(std::move(database)),
        vault_(std::move(vault)),
        store_(vault_),
        outbox_(environment.data_dir / "outbox"),
        idempotency_(*database_, environment.clock),
        courier_(*database_, store_, outbox_, idempotency_, environment.clock, telemetry_) {}

  absl::Status Build(const rpc::Environment& environment) {
    const std::string language = Language(environment.config);
    ASSIGN_OR_RETURN(signer_, LoadSigner(*database_, store_));
    sign_in_ = std::make_unique<SignInHandlers>(
        SignInHandlers::Parts{*database_, store_, vault_, passwords_, outbox_, *signer_,
                              environment.clock, environment.ids, texts_, language});
    accounts_ = std::make_unique<AccountHandlers>(AccountHandlers::Parts{
        *database_, store_, passwords_, environment.clock, environment.ids, language});
    messages_ = std::make_unique<MessageHandlers>(
        MessageHandlers::Parts{*database_, store_, environment.clock, environment.ids, language,
                               [this] { courier_.Wake(); }});
    ASSIGN_OR_RETURN(rpc_,
                     rpc::Dispatcher::Create(Options(environment.config), environment.verifier,
                                             &idempotency_, environment.clock, telemetry_));
    service_ = std::make_unique<Service>(*rpc_, *sign_in_, *accounts_, *messages_);
    return absl::OkStatus();
  }

  std::vector<grpc::Service*> services() override { return {service_.get()}; }

  absl::Status Start() override {
    courier_.Start();
    return absl::OkStatus();
  }
  rpc::DirectService* direct() override { return rpc_.get(); }

  absl::Status Ready() override {
    return database_->Read(
        [](sql::Transaction& transaction) { return Store::HasSigningKey(transaction).status(); });
  }

  void Stop() override {
    rpc_->Shutdown();
    courier_.Stop();
  }

 private:
  observe::Telemetry telemetry_;
  const Texts texts_;
  std::unique_ptr<sql::Database> database_;
  const Vault vault_;
  Store store_;
  FileOutbox outbox_;
  Passwords passwords_;
  rpc::Idempotency idempotency_;
  Courier courier_;
  std::unique_ptr<auth::TokenSigner> signer_;
  std::unique_ptr<SignInHandlers> sign_in_;
  std::unique_ptr<AccountHandlers> accounts_;
  std::unique_ptr<MessageHandlers> messages_;
  std::unique_ptr<rpc::Dispatcher> rpc_;
  std::unique_ptr<Service> service_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateIdentityModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(
      std::unique_ptr<sql::Database> database,
      environment.OpenDatabase("identity", {rpc::IdempotencyMigrations(), Migrations()}));
  ASSIGN_OR_RETURN(Texts texts, Texts::Parse({CommonTexts(), TextFiles()}));
  ASSIGN_OR_RETURN(Vault vault, OpenVault(*database, environment));
  auto module = std::make_unique<IdentityModule>(environment, std::move(database), std::move(vault),
                                                 std::move(texts));
  RETURN_IF_ERROR(module->Build(environment));
  return module;
}

}  // namespace veche::identity
