#include "services/issuer/module.h"

#include <algorithm>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"
#include "common/crypto/ed25519.h"
#include "common/service/service_module.h"
#include "services/issuer/calls/binding.h"
#include "services/issuer/storage/migrations.h"
#include "services/issuer/storage/store.h"
#include "services/issuer/texts.h"
#include "services/issuer/vault/key_vault.h"
#include "services/issuer/workers/key_destroyer.h"

namespace veche::issuer {
namespace {

constexpr char kDefaultName[] = "city";

absl::StatusOr<KeyVault> OpenVault(sql::Database& database, const rpc::Environment& environment) {
  std::optional<std::string> statement_key;
  RETURN_IF_ERROR(database.Read([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(statement_key, Store::FindStatementKey(transaction));
    return absl::OkStatus();
  }));
  return KeyVault::Open(environment.KeyFile("issuer.key"), /*may_create=*/!statement_key);
}

// The key of the issuer's statements. The replica that starts first creates it.
absl::StatusOr<crypto::EvpKey> LoadStatementKey(sql::Database& database, Store& store,
                                                const KeyVault& vault) {
  const std::string candidate = vault.SealStatementKey(*crypto::GenerateEd25519());
  std::string sealed;
  RETURN_IF_ERROR(database.Write([&](sql::Transaction& transaction) -> absl::Status {
    ASSIGN_OR_RETURN(sealed, store.FindOrAddStatementKey(transaction, candidate));
    return absl::OkStatus();
  }));
  absl::StatusOr<crypto::EvpKey> key = vault.OpenStatementKey(sealed);
  if (absl::IsDataLoss(key.status())) {
    return absl::FailedPreconditionError(
        "issuer.key is not the key that this database was made with. Put the right one back.");
  }
  return key;
}

std::string Name(const config::v1::Config& config) {
  return config.issuer().name().empty() ? kDefaultName : config.issuer().name();
}

int Cores() { return std::max(1, static_cast<int>(std::thread::hardware_concurrency())); }

// The parts in the order in which they need each other.
class IssuerModule final : public service::ServiceModule {
 public:
  IssuerModule(service::ServiceParts parts, KeyVault vault)
      : ServiceModule(std::move(parts)),
        vault_(std::move(vault)),
        keys_(database(), store_, vault_),
        signer_({.at_once = Cores()}),
        identity_(identity::v1::Identity::NewStub(environment().channels.For("identity"))),
        credentials_({database(), store_, keys_, signer_, *identity_, clock()}),
        destroyer_(database(), store_, keys_, clock(), telemetry()) {}

 private:
  absl::Status Prepare() override {
    ASSIGN_OR_RETURN(statement_key_, LoadStatementKey(database(), store_, vault_));
    poll_keys_.emplace(PollKeyCalls::Parts{database(), store_, vault_, keys_, *statement_key_,
                                           clock(), telemetry(), Name(environment().config)});
    return absl::OkStatus();
  }
  std::vector<rpc::ServiceBuilder> Services() override { return Bind(*poll_keys_, credentials_); }
  void StartWorkers() override { destroyer_.Start(); }
  void StopWorkers() override { destroyer_.Stop(); }

  const KeyVault vault_;
  Store store_;
  KeyRing keys_;
  Signer signer_;
  const std::unique_ptr<identity::v1::Identity::StubInterface> identity_;
  CredentialCalls credentials_;
  crypto::EvpKey statement_key_;
  std::optional<PollKeyCalls> poll_keys_;
  KeyDestroyer destroyer_;
};

}  // namespace

service::Schema DatabaseSchema() { return {.migrations = Migrations()}; }

absl::StatusOr<std::unique_ptr<rpc::Module>> CreateIssuerModule(
    const rpc::Environment& environment) {
  ASSIGN_OR_RETURN(service::ServiceParts parts,
                   service::OpenService(environment, {.name = "issuer",
                                                      .schema = DatabaseSchema(),
                                                      .texts = TextFiles(),
                                                      .audience = absl::StrCat(
                                                          "issuer:", Name(environment.config))}));
  ASSIGN_OR_RETURN(KeyVault vault, OpenVault(*parts.database, environment));
  return service::BuildService(std::make_unique<IssuerModule>(std::move(parts), std::move(vault)));
}

}  // namespace veche::issuer
