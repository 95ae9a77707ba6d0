// Credentials that the issuer gives in a second, with the check at identity and the commit to
// SQLite, over in-process gRPC, compared with RSA's private operation by OpenSSL alone. Run it on
// one core (taskset -c 0): both then have that core.

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/auth/token.h"
#include "common/base/status_macros.h"
#include "common/crypto/random.h"
#include "common/rpc/call.h"
#include "common/rpc/idempotency.h"
#include "common/rpc/status.h"
#include "services/config.h"
#include "services/identity/storage/migrations.h"
#include "services/identity/storage/store.h"
#include "services/suite.h"
#include "veche/issuer/v1/issuer.grpc.pb.h"

namespace veche {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kRounds = 5;
constexpr int kCredentials = 1'500;  // in a round
constexpr int kClients = 8;
constexpr char kPoll[] = "bench";

double SecondsOf(const std::function<void()>& work) {
  const auto begin = SteadyClock::now();
  work();
  return std::chrono::duration<double>(SteadyClock::now() - begin).count();
}

// Below every modulus of 3072 bits.
std::string BlindedMessage() {
  std::string message = crypto::RandomBytes(384);
  message[0] = 0;
  return message;
}

// RSA's private operation on a key of 3072 bits, as `openssl speed` measures it.
class Yardstick {
 public:
  Yardstick()
      : key_(EVP_RSA_gen(3072)),
        context_(EVP_PKEY_CTX_new(key_, nullptr)),
        input_(BlindedMessage()) {
    if (EVP_PKEY_sign_init(context_) != 1 ||
        EVP_PKEY_CTX_set_rsa_padding(context_, RSA_NO_PADDING) != 1) {
      std::abort();
    }
  }
  ~Yardstick() {
    EVP_PKEY_CTX_free(context_);
    EVP_PKEY_free(key_);
  }
  Yardstick(const Yardstick&) = delete;
  Yardstick& operator=(const Yardstick&) = delete;

  void Sign() {
    unsigned char signature[384];
    size_t size = sizeof signature;
    if (EVP_PKEY_sign(context_, signature, &size,
                      reinterpret_cast<const unsigned char*>(input_.data()), input_.size()) != 1) {
      std::abort();
    }
  }

 private:
  EVP_PKEY* const key_;
  EVP_PKEY_CTX* const context_;
  const std::string input_;
};

// A folder with the data of identity: residents of age, and a signing key of which we know the
// private half. Returns the residents' access tokens.
absl::StatusOr<std::vector<std::string>> MakeResidents(const std::filesystem::path& folder,
                                                       int count) {
  ASSIGN_OR_RETURN(const auto database,
                   sql::OpenSqlite({.path = (folder / "identity.db").string()}));
  RETURN_IF_ERROR(sql::Migrate(*database, {rpc::IdempotencyMigrations(), identity::Migrations()}));
  ASSIGN_OR_RETURN(const identity::Vault vault,
                   identity::Vault::Open(folder / "identity.key", /*may_create=*/true));
  identity::Store store(vault);
  const auto signer = auth::TokenSigner::Generate();
  SystemClock clock;
  UlidSource ids(clock);
  std::vector<std::string> tokens;
  RETURN_IF_ERROR(database->Write([&](sql::Transaction& transaction) -> absl::Status {
    RETURN_IF_ERROR(store.AddFirstSigningKey(transaction, signer->ToPem()));
    tokens.clear();
    for (int i = 0; i < count; ++i) {
      const std::string id = ids.New();
      RETURN_IF_ERROR(
          store
              .FindOrAddResident(
                  transaction,
                  {.id = id,
                   .contacts = {{{api::Contact::Kind::kEmail, absl::StrCat(i, "@example.ru")},
                                 clock.Now()}},
                   .create_time = clock.Now()})
              .status());
      RETURN_IF_ERROR(store.Verify(transaction, {.resident = id,
                                                 .birth_date = absl::CivilDay(1980, 1, 1),
                                                 .district = "districts/a",
                                                 .document_kind = "PASSPORT",
                                                 .staff = "bench",
                                                 .verify_time = clock.Now()}));
      tokens.push_back(signer->Sign({.name = absl::StrCat("residents/", id),
                                     .roles = {options::v1::ANYONE, options::v1::RESIDENT}},
                                    clock.Now()));
    }
    return absl::OkStatus();
  }));
  return tokens;
}

absl::Status CreatePoll(issuer::v1::Issuer::Stub& stub) {
  issuer::v1::CreatePollKeyRequest request;
  request.set_poll(kPoll);
  request.mutable_eligibility()->set_min_age(18);
  request.mutable_eligibility()->set_verified(true);
  *request.mutable_open_time() = api::ToTimestamp(absl::Now() - absl::Minutes(1));
  *request.mutable_close_time() = api::ToTimestamp(absl::Now() + absl::Hours(1));
  issuer::v1::PollKey response;
  const auto context = rpc::NewBackgroundContext("polling", absl::Minutes(1));
  return rpc::FromGrpc(stub.CreatePollKey(context.get(), request, &response));
}

absl::Status Issue(issuer::v1::Issuer::Stub& stub, const std::string& token) {
  issuer::v1::IssueCredentialRequest request;
  request.set_poll(kPoll);
  request.set_blinded_message(BlindedMessage());
  issuer::v1::IssueCredentialResponse response;
  grpc::ClientContext context;
  context.AddMetadata("authorization", absl::StrCat("Bearer ", token));
  return rpc::FromGrpc(stub.IssueCredential(&context, request, &response));
}

// The holders of tokens [first, last) each get a credential.
void IssueAll(issuer::v1::Issuer::Stub& stub, const std::vector<std::string>& tokens, size_t first,
              size_t last) {
  std::atomic<size_t> next = first;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      for (size_t n = next++; n < last; n = next++) {
        if (const absl::Status status = Issue(stub, tokens[n]); !status.ok()) {
          std::cerr << status << std::endl;
          std::exit(1);
        }
      }
    });
  }
  for (std::thread& client : clients) client.join();
}

absl::Status Run(const std::filesystem::path& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> tokens,
                   MakeResidents(folder, kRounds * kCredentials));
  ASSIGN_OR_RETURN(const config::v1::Config config,
                   ParseConfig(R"({"admin": {"address": "off"}, "log": {"level": "warning"}})",
                               {.data_dir = folder.string(), .services = "identity,issuer"}));
  ASSIGN_OR_RETURN(const std::unique_ptr<Suite> suite, Suite::Start(config));
  const auto stub = issuer::v1::Issuer::NewStub(suite->ChannelTo("issuer"));
  RETURN_IF_ERROR(CreatePoll(*stub));

  Yardstick yardstick;
  std::vector<double> ratios;
  double issued = 0;
  double bare = 0;
  for (size_t round = 0; round < kRounds; ++round) {
    const double alone = kCredentials / SecondsOf([&] {
                           for (int i = 0; i < kCredentials; ++i) yardstick.Sign();
                         });
    const double served =
        kCredentials / SecondsOf([&] {
          IssueAll(*stub, tokens, round * kCredentials, (round + 1) * kCredentials);
        });
    ratios.push_back(served / alone);
    issued += served / kRounds;
    bare += alone / kRounds;
  }
  std::sort(ratios.begin(), ratios.end());
  std::printf(
      "credentials issued / OpenSSL's RSA-3072 private operation: %.2f  (bar >= 0.8)  "
      "%.0f/s against %.0f/s; rounds %.2f to %.2f\n",
      ratios[kRounds / 2], issued, bare, ratios.front(), ratios.back());
  suite->Stop(absl::Now() + absl::Seconds(5));
  return absl::OkStatus();
}

}  // namespace
}  // namespace veche

int main() {
  std::string pattern = (std::filesystem::temp_directory_path() / "issue-XXXXXX").string();
  const std::filesystem::path folder = ::mkdtemp(pattern.data());
  const absl::Status status = veche::Run(folder);
  std::filesystem::remove_all(folder);
  if (status.ok()) return 0;
  std::cerr << status << std::endl;
  return 1;
}
