#include "services/identity/module.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/auth/token.h"
#include "common/base/status_macros.h"
#include "common/service/service_module.h"
#include "services/identity/calls/account_calls.h"
#include "services/identity/calls/binding.h"
#include "services/identity/calls/eligibility_calls.h"
#include "services/identity/calls/feedback_calls.h"
#include "services/identity/calls/issuer_token_calls.h"
#include "services/identity/calls/message_calls.h"
#include "services/identity/calls/session_calls.h"
#include "services/identity/calls/sign_in_calls.h"
#include "services/identity/delivery/providers.h"
#include "services/identity/storage/feedback_store.h"
#include "services/identity/storage/message_store.h"
#include "services/identity/storage/migrations.h"
#include "services/identity/storage/store.h"
#include "services/identity/texts.h"
#include "services/identity/vault/password.h"
#include "services/identity/vault/vault.h"
#include "services/identity/workers/courier.h"
#include "services/identity/workers/ended_session_feed.h"
#include "services/identity/workers/housekeeper.h"

namespace veche::identity {
namespace {

absl::StatusOr<Vault> OpenVault(sql::Database& database, const rpc::Environment& environment) {
  bool has_keys = false;
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(has_keys, Store::HasSigningKey(transaction));
    return absl::OkStatus();
  }));
  return Vault::Open(environment.KeyFile("identity.key"), /*may_create=*/!has_keys);
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

std::string Language(const config::v1::Config& config) {
  return config.city().language().empty() ? "ru" : config.city().language();
}

absl::StatusOr<absl::TimeZone> Zone(const config::v1::Config& config) {
  const std::string& name = config.city().time_zone();
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(name.empty() ? "Europe/Moscow" : name, &zone)) {
    return absl::FailedPreconditionError(absl::StrCat("city.timeZone: no time zone ", name, "."));
  }
  return zone;
}

// The parts in the order in which they need each other.
class IdentityModule final : public service::ServiceModule {
 public:
  IdentityModule(service::ServiceParts parts, Vault vault, std::unique_ptr<Providers> providers,
                 absl::TimeZone zone)
      : ServiceModule(std::move(parts)),
        language_(Language(environment().config)),
        vault_(std::move(vault)),
        store_(vault_),
        message_store_(vault_),
        feedback_store_(vault_),
        providers_(std::move(providers)),
        direct_(providers_->email(), providers_->sms(), clock()),
        email_courier_(Channel::kEmail, providers_->email(), database(), message_store_, clock(),
                       telemetry()),
        sms_courier_(Channel::kSms, providers_->sms(), database(), message_store_, clock(),
                     telemetry()),
        housekeeper_(database(), store_, message_store_, feedback_store_, providers_->outbox(),
                     clock(), telemetry()),
        ended_sessions_(sessions_hub_, database(), store_, clock(), telemetry()),
        sessions_(sessions_hub_),
        accounts_({database(), store_, passwords_, log(), clock(), ids(), language_,
                   [this] { ended_sessions_.Ended(); }}),
        messages_({database(), store_, message_store_, clock(), ids(), language_,
                   [this] {
                     email_courier_.Wake();
                     sms_courier_.Wake();
                   }}),
        eligibility_({database(), store_, clock(), ids(), zone}),
        feedback_({database(), store_, feedback_store_, clock(), ids()}) {}

 private:
  absl::Status Prepare() override {
    ASSIGN_OR_RETURN(signer_, LoadSigner(database(), store_));
    if (database().engine() == sql::Engine::kSqlite) {
      RETURN_IF_ERROR(database().Write([&](sql::Transaction& transaction) {
        return message_store_.EndClaims(transaction, clock().Now());
      }));
    }
    sign_in_.emplace(SignInCalls::Parts{database(), store_, vault_, passwords_, direct_, *signer_,
                                        clock(), ids(), texts(),
                                        [this] { ended_sessions_.Ended(); }});
    issuer_tokens_.emplace(*signer_, clock());
    return absl::OkStatus();
  }
  std::vector<rpc::ServiceBuilder> Services() override {
    return Bind(*sign_in_, accounts_, messages_, eligibility_, *issuer_tokens_, feedback_,
                sessions_);
  }
  void StartWorkers() override {
    email_courier_.Start();
    sms_courier_.Start();
    housekeeper_.Start();
    ended_sessions_.Start();
  }
  void EndStreams() override { sessions_hub_.Stop(); }
  void StopWorkers() override {
    email_courier_.Stop();
    sms_courier_.Stop();
    housekeeper_.Stop();
    ended_sessions_.Stop();
  }

  const std::string language_;
  const Vault vault_;
  Store store_;
  MessageStore message_store_;
  FeedbackStore feedback_store_;
  const std::unique_ptr<Providers> providers_;
  DirectSender direct_;
  Passwords passwords_;
  Courier email_courier_;
  Courier sms_courier_;
  Housekeeper housekeeper_;
  std::unique_ptr<auth::TokenSigner> signer_;
  EndedSessionHub sessions_hub_{EndedSessionHubOptions()};
  EndedSessionFeed ended_sessions_;
  SessionCalls sessions_;
  std::optional<SignInCalls> sign_in_;
  AccountCalls accounts_;
  MessageCalls messages_;
  EligibilityCalls eligibility_;
  FeedbackCalls feedback_;
  std::optional<IssuerTokenCalls> issuer_tokens_;
};

}  // namespace

service::Schema DatabaseSchema() { return {.migrations = Migrations(), .events = true}; }

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateIdentityModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(service::ServiceParts parts,
                   service::OpenService(environment, {.name = "identity",
                                                      .schema = DatabaseSchema(),
                                                      .texts = TextFiles(),
                                                      .event_log = true}));
  ASSIGN_OR_RETURN(const absl::TimeZone zone, Zone(environment.config));
  ASSIGN_OR_RETURN(Vault vault, OpenVault(*parts.database, environment));
  ASSIGN_OR_RETURN(std::unique_ptr<Providers> providers,
                   Providers::Create(environment.config.delivery(),
                                     OutboxFolder(environment.config, environment.data_dir)));
  return service::BuildService(std::make_unique<IdentityModule>(std::move(parts), std::move(vault),
                                                                std::move(providers), zone));
}

std::filesystem::path OutboxFolder(const config::v1::Config& config,
                                   const std::filesystem::path& data_dir) {
  const std::string& folder = config.delivery().outbox_folder();
  return folder.empty() ? data_dir / "outbox" : std::filesystem::path(folder);
}

}  // namespace veche::identity
