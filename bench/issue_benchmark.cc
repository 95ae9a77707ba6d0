// Credentials that the issuer gives in a second, with the check at identity (over in-process gRPC),
// the check of each signature and the commit to SQLite, compared with RSA's private operation by
// OpenSSL alone. Threads call the handler as the worker pool does; the transport in front of it is
// not measured. Run it on one core (taskset -c 0): both then have that core.

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <filesystem>
#include <functional>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "common/crypto/random.h"
#include "common/crypto/seal.h"
#include "common/rpc/call.h"
#include "common/rpc/idempotency.h"
#include "services/config.h"
#include "services/identity/storage/migrations.h"
#include "services/identity/storage/store.h"
#include "services/issuer/calls/credential_calls.h"
#include "services/issuer/storage/migrations.h"
#include "services/suite.h"

namespace veche {
namespace {

using SteadyClock = std::chrono::steady_clock;

constexpr int kRounds = 5;
constexpr int kCredentials = 1'500;  // in a round
constexpr int kThreads = 8;          // of the worker pool
constexpr char kPoll[] = "bench";

// What one credential or operation took.
struct Cost {
  double seconds = 0;
  double processor_seconds = 0;  // of all threads
};

Cost CostOf(const std::function<void()>& work) {
  const std::clock_t processor = std::clock();
  const auto begin = SteadyClock::now();
  work();
  return {std::chrono::duration<double>(SteadyClock::now() - begin).count() / kCredentials,
          static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC / kCredentials};
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
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

// Fills a folder with the data of identity: residents of age. Returns their names.
absl::StatusOr<std::vector<std::string>> MakeResidents(const std::filesystem::path& folder,
                                                       int count) {
  ASSIGN_OR_RETURN(const auto database,
                   sql::OpenSqlite({.path = (folder / "identity.db").string()}));
  RETURN_IF_ERROR(sql::Migrate(*database, {rpc::IdempotencyMigrations(), identity::Migrations()}));
  ASSIGN_OR_RETURN(const identity::Vault vault,
                   identity::Vault::Open(folder / "identity.key", /*may_create=*/true));
  identity::Store store(vault);
  SystemClock clock;
  UlidSource ids(clock);
  std::vector<std::string> names;
  RETURN_IF_ERROR(database->Write([&](sql::Transaction& transaction) -> absl::Status {
    names.clear();
    for (int i = 0; i < count; ++i) {
      const std::string id = ids.New();
      const identity::Resident resident{
          .id = id,
          .contacts = {{{api::Contact::Kind::kEmail, absl::StrCat(i, "@example.ru")}}},
          .create_time = clock.Now()};
      RETURN_IF_ERROR(store.FindOrAddResident(transaction, resident).status());
      RETURN_IF_ERROR(store.Verify(transaction, {.resident = id,
                                                 .birth_date = absl::CivilDay(1980, 1, 1),
                                                 .district = "districts/a",
                                                 .document_kind = "PASSPORT",
                                                 .staff = "bench",
                                                 .verify_time = clock.Now()}));
      names.push_back(absl::StrCat("residents/", id));
    }
    return absl::OkStatus();
  }));
  return names;
}

// The parts of the issuer as its module builds them, with the key of one poll.
class BenchIssuer {
 public:
  BenchIssuer(sql::Database& database, std::shared_ptr<grpc::Channel> identity)
      : database_(database), identity_(identity::v1::Identity::NewStub(std::move(identity))) {}

  absl::Status CreatePoll() {
    RETURN_IF_ERROR(sql::Migrate(database_, {rpc::IdempotencyMigrations(), issuer::Migrations()}));
    const blind_rsa::PrivateKey key = blind_rsa::PrivateKey::Generate();
    const absl::Time now = clock_.Now();
    const issuer::PollKey poll_key{.poll = {.id = kPoll,
                                            .eligibility = {.min_age = 18, .verified = true},
                                            .open_time = now,
                                            .close_time = now + absl::Hours(1)},
                                   .public_key = key.public_key().ToSpki(),
                                   .sealed_key = vault_.SealPollKey(kPoll, key)};
    return database_.Write([&](sql::Transaction& transaction) {
      return store_.FindOrAddPollKey(transaction, poll_key, now).status();
    });
  }
  absl::Status Issue(const std::string& resident) {
    const rpc::Call call({.name = resident,
                          .roles = {options::v1::RESIDENT},
                          .scope = absl::StrCat("polls/", kPoll)},
                         observe::TraceContext::Continue(""), absl::Now() + absl::Seconds(30),
                         "issuer");
    issuer::v1::IssueCredentialRequest request;
    request.set_poll(kPoll);
    request.set_blinded_message(BlindedMessage());
    return calls_.IssueCredential(call, request).status();
  }

 private:
  sql::Database& database_;
  SystemClock clock_;
  const issuer::KeyVault vault_{crypto::RandomBytes(crypto::kSealKeyBytes)};
  issuer::Store store_;
  issuer::KeyRing keys_{database_, store_, vault_};
  issuer::Signer signer_{{.at_once = 1}};
  const std::unique_ptr<identity::v1::Identity::StubInterface> identity_;
  issuer::CredentialCalls calls_{{database_, store_, keys_, signer_, *identity_, clock_}};
};

// The residents [first, last) each get a credential.
void IssueAll(BenchIssuer& issuer, const std::vector<std::string>& residents, size_t first,
              size_t last) {
  std::atomic<size_t> next = first;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      for (size_t n = next++; n < last; n = next++) {
        if (const absl::Status status = issuer.Issue(residents[n]); !status.ok()) {
          std::cerr << status << std::endl;
          std::exit(1);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

absl::Status Run(const std::filesystem::path& folder) {
  ASSIGN_OR_RETURN(const std::vector<std::string> residents,
                   MakeResidents(folder, kRounds * kCredentials));
  ASSIGN_OR_RETURN(const config::v1::Config config,
                   ParseConfig(R"({"admin": {"address": "off"}, "log": {"level": "warning"}})",
                               {.data_dir = folder.string(), .services = "identity"}));
  ASSIGN_OR_RETURN(const std::unique_ptr<Suite> suite, Suite::Start(config));
  ASSIGN_OR_RETURN(const auto database, sql::OpenSqlite({.path = (folder / "issuer.db").string()}));
  BenchIssuer issuer(*database, suite->ChannelTo("identity"));
  RETURN_IF_ERROR(issuer.CreatePoll());

  Yardstick yardstick;
  std::vector<double> ratios, processor_ratios, alone, served;
  for (size_t round = 0; round < kRounds; ++round) {
    const Cost bare = CostOf([&] {
      for (int i = 0; i < kCredentials; ++i) yardstick.Sign();
    });
    const Cost issued = CostOf(
        [&] { IssueAll(issuer, residents, round * kCredentials, (round + 1) * kCredentials); });
    ratios.push_back(bare.seconds / issued.seconds);
    processor_ratios.push_back(bare.processor_seconds / issued.processor_seconds);
    alone.push_back(1 / bare.seconds);
    served.push_back(1 / issued.seconds);
  }
  std::printf(
      "credentials issued / OpenSSL's RSA-3072 private operation: %.2f  (bar >= 0.8)  "
      "%.0f/s against %.0f/s; by processor time %.2f\n",
      Median(ratios), Median(served), Median(alone), Median(processor_ratios));
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
