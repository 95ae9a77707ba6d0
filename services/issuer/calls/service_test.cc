#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <stdlib.h>

#include <filesystem>
#include <set>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/api/timestamp.h"
#include "common/blind_rsa/bignum.h"
#include "common/blind_rsa/client.h"
#include "common/crypto/ed25519.h"
#include "common/rpc/callback_queue.h"
#include "common/rpc/status.h"
#include "services/issuer/domain/issuance.h"
#include "services/issuer/module.h"
#include "services/issuer/testing/fixture.h"
#include "veche/issuer/v1/issuer.grpc.pb.h"

namespace veche::issuer {
namespace {

using rpc::testing::Resident;
using rpc::testing::Service;
using rpc::testing::TestServer;
using ::testing::HasSubstr;
using testing::SmallMessage;
using veche::testing::HasReason;
using veche::testing::StatusIs;
using Reason = identity::v1::CheckEligibilityResponse;

constexpr char kPoll[] = "01jdv3k8qz5w9n7x2m4c6b8d0e";
constexpr char kName[] = "electoral-commission";

// With the token that identity makes for this issuer and the poll.
auth::Principal Bearer(const std::string& resident) {
  auth::Principal bearer = Resident(resident);
  bearer.audience = absl::StrCat("issuer:", kName);
  bearer.scope = absl::StrCat("polls/", kPoll);
  return bearer;
}

// The modulus plus `difference`.
std::string NearModulus(const blind_rsa::PublicKey& key, int difference) {
  const blind_rsa::Bignum number = blind_rsa::KeyNumber(key.evp_key(), OSSL_PKEY_PARAM_RSA_N);
  difference < 0 ? BN_sub_word(number.get(), static_cast<BN_ULONG>(-difference))
                 : BN_add_word(number.get(), static_cast<BN_ULONG>(difference));
  return blind_rsa::BignumToBytes(*number, key.modulus_bytes());
}

// The service as the process runs it, over gRPC, with a fake identity. Keeps its folder, so that a
// restart finds the data.
class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() {
    rpc::KeepCallbackQueue();
    std::string pattern = (std::filesystem::temp_directory_path() / "issuer-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
    config_.mutable_issuer()->set_name(kName);
    grpc::ServerBuilder builder;
    builder.RegisterService(&identity_);
    identity_server_ = builder.BuildAndStart();
    channels_.AddLocal("identity", *identity_server_);
    StartModule();
  }
  ~ServiceTest() override {
    StopModule();
    identity_server_->Shutdown(std::chrono::system_clock::now());
    std::filesystem::remove_all(folder_);
  }

  absl::StatusOr<std::unique_ptr<rpc::Module>> CreateModule() {
    observe::Telemetry telemetry = observe::NullTelemetry();
    telemetry.logger = logger_;
    return CreateIssuerModule({config_,
                               folder_,
                               channels_,
                               TestServer::verifier(),
                               clock_,
                               ids_,
                               telemetry,
                               {},
                               rpc::testing::SuiteCallers()});
  }
  void StartModule() {
    auto module = CreateModule();
    ASSERT_OK(module);
    module_ = *std::move(module);
    server_ = std::make_unique<TestServer>(module_->services());
    stub_ = v1::Issuer::NewStub(server_->channel());
    ASSERT_OK(module_->Start());
  }
  void StopModule() {
    module_->Stop();
    server_.reset();
    module_.reset();
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Do(grpc::Status (v1::Issuer::Stub::*method)(grpc::ClientContext*,
                                                                       const Request&, Response*),
                              const Request& request,
                              const auth::Principal& caller = Service("polling")) {
    Response response;
    const auto context = server_->ContextFor(caller);
    const grpc::Status status = (stub_.get()->*method)(context.get(), request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }

  v1::CreatePollKeyRequest KeyRequest() {
    v1::CreatePollKeyRequest request;
    request.set_poll(kPoll);
    request.mutable_eligibility()->set_min_age(18);
    *request.mutable_open_time() = api::ToTimestamp(open_);
    *request.mutable_close_time() = api::ToTimestamp(close_);
    return request;
  }
  absl::StatusOr<v1::PollKey> CreateKey() {
    return Do(&v1::Issuer::Stub::CreatePollKey, KeyRequest());
  }
  // The key of the poll, which is open then.
  blind_rsa::PublicKey OpenPoll() {
    const auto key = CreateKey();
    EXPECT_OK(key);
    clock_.Set(open_);
    return *blind_rsa::PublicKey::FromSpki(key->public_key());
  }
  absl::StatusOr<std::string> Issue(const std::string& resident, const std::string& blinded) {
    v1::IssueCredentialRequest request;
    request.set_poll(kPoll);
    request.set_blinded_message(blinded);
    const auto response = Do(&v1::Issuer::Stub::IssueCredential, request, Bearer(resident));
    if (!response.ok()) return response.status();
    return response->blind_signature();
  }
  absl::StatusOr<v1::Issuance> Issuance() {
    v1::GetIssuanceRequest request;
    request.set_poll(kPoll);
    return Do(&v1::Issuer::Stub::GetIssuance, request);
  }
  absl::StatusOr<v1::Issuance> Close() {
    v1::ClosePollKeyRequest request;
    request.set_poll(kPoll);
    return Do(&v1::Issuer::Stub::ClosePollKey, request);
  }
  void Admit(const std::string& resident, const std::string& district = "") {
    identity_.Answer(absl::StrCat("residents/", resident), Reason::REASON_UNSPECIFIED, district);
  }

  std::filesystem::path folder_;
  config::v1::Config config_;
  rpc::Channels channels_{config_};
  veche::testing::FakeClock clock_;
  UlidSource ids_{clock_};
  const absl::Time open_ = clock_.Now() + absl::Hours(1);
  const absl::Time close_ = clock_.Now() + absl::Hours(25);
  const std::shared_ptr<rpc::testing::RecordingLogger> logger_ =
      std::make_shared<rpc::testing::RecordingLogger>();
  testing::FakeIdentity identity_;
  std::unique_ptr<grpc::Server> identity_server_;
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::Issuer::Stub> stub_;
};

TEST_F(ServiceTest, AResidentGetsASignatureThatAnybodyVerifies) {
  const blind_rsa::PublicKey key = OpenPoll();
  Admit("r");
  const blind_rsa::Prepared prepared = blind_rsa::Prepare("message");
  const auto blinding = blind_rsa::Blind(key, prepared);
  ASSERT_OK(blinding);
  const auto answer = Issue("r", blinding->blinded);
  ASSERT_OK(answer);
  const auto signature = blind_rsa::Finalize(key, prepared, *answer, blinding->inverse);
  ASSERT_OK(signature);
  EXPECT_TRUE(key.Verify(prepared.message, prepared.prefix, *signature));
  EXPECT_EQ(identity_.last().eligibility().min_age(), 18);
  EXPECT_EQ(api::FromTimestamp(identity_.last().time()), close_) << "ages are those at the close";
}

TEST_F(ServiceTest, OnlyThoseWhoMayCallDo) {
  const v1::CreatePollKeyRequest create = KeyRequest();
  v1::IssueCredentialRequest issue;
  issue.set_poll(kPoll);
  issue.set_blinded_message("x");
  v1::ClosePollKeyRequest close;
  close.set_poll(kPoll);
  v1::GetIssuanceRequest get;
  get.set_poll(kPoll);
  for (const auth::Principal& caller :
       {auth::Principal(), Resident("r"), rpc::testing::Admin("a"), Service("appeals")}) {
    EXPECT_FALSE(Do(&v1::Issuer::Stub::CreatePollKey, create, caller).ok()) << caller.name;
    EXPECT_FALSE(Do(&v1::Issuer::Stub::ClosePollKey, close, caller).ok()) << caller.name;
    EXPECT_FALSE(Do(&v1::Issuer::Stub::GetIssuance, get, caller).ok()) << caller.name;
  }
  // On its own behalf, polling gets no credential; nor does the bearer of an access token, of a
  // token for another issuer, or of one that has expired.
  auth::Principal of_other_issuer = Bearer("r"), expired = Bearer("r");
  of_other_issuer.audience = "issuer:city";
  expired.expires = absl::Now();
  for (const auth::Principal& caller :
       {auth::Principal(), Service("polling"), rpc::testing::Admin("a"), Resident("r"),
        of_other_issuer, expired}) {
    const auto refused = Do(&v1::Issuer::Stub::IssueCredential, issue, caller);
    EXPECT_TRUE(absl::IsPermissionDenied(refused.status()) ||
                absl::IsUnauthenticated(refused.status()))
        << caller.name << " " << refused.status();
  }
}

TEST_F(ServiceTest, ATokenIsForOnePoll) {
  const blind_rsa::PublicKey key = OpenPoll();
  Admit("r");
  auth::Principal bearer = Bearer("r");
  bearer.scope = "polls/other";
  v1::IssueCredentialRequest request;
  request.set_poll(kPoll);
  request.set_blinded_message(SmallMessage(key));
  EXPECT_THAT(Do(&v1::Issuer::Stub::IssueCredential, request, bearer),
              HasReason("TOKEN_OF_OTHER_POLL"));
  EXPECT_OK(Do(&v1::Issuer::Stub::IssueCredential, request, Bearer("r")));
}

TEST_F(ServiceTest, APollHasOneKey) {
  const auto first = CreateKey();
  ASSERT_OK(first);
  EXPECT_EQ(first->name(), kName);
  EXPECT_EQ(first->statement_key().size(), 32u);
  EXPECT_EQ(CreateKey()->public_key(), first->public_key());
  const auto differs = [&](auto change) {
    v1::CreatePollKeyRequest request = KeyRequest();
    change(request);
    EXPECT_THAT(Do(&v1::Issuer::Stub::CreatePollKey, request), HasReason("POLL_KEY_DIFFERS"));
  };
  differs([](auto& request) { request.mutable_eligibility()->set_min_age(16); });
  differs([](auto& request) { request.mutable_eligibility()->set_verified(true); });
  differs([](auto& request) { request.mutable_eligibility()->add_districts("districts/a"); });
  differs([](auto& request) { request.mutable_open_time()->set_seconds(1); });
  differs([](auto& request) { request.mutable_close_time()->set_seconds(4'000'000'000); });
}

TEST_F(ServiceTest, KeysAreMadeForTimesToComeAlone) {
  v1::CreatePollKeyRequest request = KeyRequest();
  *request.mutable_close_time() = request.open_time();
  EXPECT_THAT(Do(&v1::Issuer::Stub::CreatePollKey, request).status().ToString(),
              HasSubstr("closeTime"));
  clock_.Set(close_);
  EXPECT_THAT(CreateKey(), StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ServiceTest, WrongValuesAreRefusedByTheNameOfTheField) {
  const blind_rsa::PublicKey key = OpenPoll();
  Admit("r");
  const std::string wrong[] = {
      SmallMessage(key, 0),     SmallMessage(key, 1),     NearModulus(key, -1),
      NearModulus(key, 0),      NearModulus(key, 1),      std::string(384, '\xff'),
      std::string(383, '\x02'), std::string(385, '\x02'),
  };
  for (const std::string& blinded : wrong) {
    const auto refused = Issue("r", blinded);
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kInvalidArgument));
    EXPECT_THAT(refused.status().ToString(), HasSubstr("blindedMessage"));
  }
  EXPECT_EQ(Issuance()->issued_count(), 0);
  EXPECT_OK(Issue("r", NearModulus(key, -2)));
}

TEST_F(ServiceTest, TwoHundredAtOnceGetOneCredential) {
  const blind_rsa::PublicKey key = OpenPoll();
  Admit("r");
  constexpr int kRequests = 200;
  std::vector<absl::StatusOr<std::string>> answers(kRequests);
  std::vector<std::thread> threads;
  for (int i = 0; i < kRequests; ++i) {
    threads.emplace_back(
        [&, i] { answers[i] = Issue("r", SmallMessage(key, static_cast<unsigned char>(2 + i))); });
  }
  for (std::thread& thread : threads) thread.join();
  int issued = 0;
  for (const auto& answer : answers) {
    if (answer.ok()) {
      ++issued;
    } else {
      EXPECT_THAT(answer, HasReason("CREDENTIAL_ISSUED"));
    }
  }
  EXPECT_EQ(issued, 1);
  EXPECT_EQ(Issuance()->issued_count(), 1);
}

TEST_F(ServiceTest, TheSameValueHasTheSameSignatureAlsoAtOnce) {
  const blind_rsa::PublicKey key = OpenPoll();
  Admit("r");
  std::vector<std::string> answers(16);
  std::vector<std::thread> threads;
  for (std::string& answer : answers) {
    threads.emplace_back([&] { answer = Issue("r", SmallMessage(key)).value_or("refused"); });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(std::set<std::string>(answers.begin(), answers.end()).size(), 1u);
  EXPECT_EQ(answers[0].size(), key.modulus_bytes());
  const auto other = Issue("r", SmallMessage(key, 3));
  EXPECT_THAT(other, HasReason("CREDENTIAL_ISSUED"));
  EXPECT_THAT(other, StatusIs(absl::StatusCode::kAlreadyExists));
}

TEST_F(ServiceTest, TheTimesOfThePollAreKept) {
  const auto made = CreateKey();
  const auto key = blind_rsa::PublicKey::FromSpki(made->public_key());
  ASSERT_OK(key);
  Admit("r");
  EXPECT_THAT(Issue("r", SmallMessage(*key)), HasReason("POLL_NOT_OPEN"));
  clock_.Set(open_);
  EXPECT_OK(Issue("r", SmallMessage(*key)));
  clock_.Set(close_);
  EXPECT_THAT(Issue("r", SmallMessage(*key)), HasReason("POLL_CLOSED")) << "also a repeat";
}

TEST_F(ServiceTest, EachObstacleIsSaid) {
  const blind_rsa::PublicKey key = OpenPoll();
  for (const auto reason : {Reason::NOT_VERIFIED, Reason::UNKNOWN_AGE, Reason::TOO_YOUNG,
                            Reason::UNKNOWN_DISTRICT, Reason::OTHER_DISTRICT}) {
    identity_.Answer("residents/r", reason);
    const auto refused = Issue("r", SmallMessage(key));
    EXPECT_THAT(refused, HasReason("NOT_ELIGIBLE"));
    EXPECT_THAT(refused, StatusIs(absl::StatusCode::kPermissionDenied));
    EXPECT_EQ(ErrorMetadataValue(refused.status(), "because"), Reason::Reason_Name(reason));
    EXPECT_THAT(LocalizedMessage(refused.status()), Not(HasSubstr("NOT_ELIGIBLE")));
  }
  EXPECT_EQ(ErrorMetadataValue(Issue("erased", SmallMessage(key)).status(), "because"),
            "UNKNOWN_RESIDENT");
  EXPECT_EQ(Issuance()->issued_count(), 0);
}

TEST_F(ServiceTest, ClosingDestroysTheKeyForEver) {
  const auto made = CreateKey();
  const auto key = *blind_rsa::PublicKey::FromSpki(made->public_key());
  clock_.Set(open_);
  Admit("r");
  ASSERT_OK(Issue("r", SmallMessage(key)));
  EXPECT_FALSE(Issuance()->closed());
  const auto final = Close();
  ASSERT_OK(final);
  EXPECT_TRUE(final->closed());
  EXPECT_EQ(final->issued_count(), 1);
  EXPECT_EQ(api::FromTimestamp(final->close_time()), open_);
  const crypto::EvpKey statement_key = crypto::Ed25519FromPublic(made->statement_key());
  EXPECT_TRUE(crypto::Ed25519Verify(
      *statement_key, StatementText(kPoll, 1, true, made->public_key()), final->statement()));
  EXPECT_EQ(Close()->statement(), final->statement());
  EXPECT_EQ(CreateKey()->public_key(), made->public_key()) << "the public key stays";
  EXPECT_THAT(Issue("r", SmallMessage(key)), HasReason("POLL_CLOSED"));
  StopModule();
  StartModule();
  EXPECT_THAT(Issue("r", SmallMessage(key)), HasReason("POLL_CLOSED"));
  EXPECT_EQ(Issuance()->statement(), final->statement());
}

TEST_F(ServiceTest, ARestartKeepsKeysAndCredentials) {
  const blind_rsa::PublicKey key = OpenPoll();
  Admit("r");
  const auto before = Issue("r", SmallMessage(key));
  ASSERT_OK(before);
  const auto made = CreateKey();
  StopModule();
  StartModule();
  EXPECT_EQ(Issue("r", SmallMessage(key)).value(), *before);
  EXPECT_THAT(Issue("r", SmallMessage(key, 3)), HasReason("CREDENTIAL_ISSUED"));
  EXPECT_EQ(CreateKey()->public_key(), made->public_key());
  EXPECT_EQ(CreateKey()->statement_key(), made->statement_key());
}

TEST_F(ServiceTest, CountsAreByDistrict) {
  const blind_rsa::PublicKey key = OpenPoll();
  for (int i = 0; i < 62; ++i) {
    const std::string resident = absl::StrCat("r", i);
    Admit(resident, i < 50 ? "districts/a" : "districts/b");
    ASSERT_OK(Issue(resident, SmallMessage(key)));
  }
  const auto issuance = Issuance();
  ASSERT_OK(issuance);
  EXPECT_EQ(issuance->issued_count(), 62);
  ASSERT_EQ(issuance->districts_size(), 2);
  EXPECT_EQ(issuance->districts(0).district(), "districts/a");
  EXPECT_EQ(issuance->districts(0).issued_count(), 50);
  EXPECT_EQ(issuance->districts(1).district(), "");
  EXPECT_EQ(issuance->districts(1).issued_count(), 12);
}

// Nothing but the store's row may say that a resident asked for a credential.
TEST_F(ServiceTest, NoResidentIsLoggedOrKeptAsAnAnswer) {
  const blind_rsa::PublicKey key = OpenPoll();
  Admit("r");
  v1::IssueCredentialRequest request;
  request.set_poll(kPoll);
  request.set_blinded_message(SmallMessage(key));
  v1::IssueCredentialResponse response;
  auto context = server_->ContextFor(Bearer("r"));
  context->AddMetadata("idempotency-key", "8e03978e-40d5-43dd-bc93-6894a57f9324");
  ASSERT_TRUE(stub_->IssueCredential(context.get(), request, &response).ok());
  EXPECT_FALSE(Issue("r", SmallMessage(key, 3)).ok());
  identity_.Fail(grpc::Status(grpc::StatusCode::INTERNAL, "broken"));
  EXPECT_FALSE(Issue("other", SmallMessage(key)).ok());
  ASSERT_OK(Close());
  EXPECT_THAT(logger_->text(), HasSubstr("poll key destroyed"));
  EXPECT_THAT(logger_->text(), Not(HasSubstr("residents/")));
  StopModule();
  const auto database = sql::OpenSqlite({.path = (folder_ / "issuer.db").string()});
  ASSERT_OK(database);
  ASSERT_OK((*database)->Read([&](sql::Transaction& transaction) -> absl::Status {
    const auto rows = transaction.Query("SELECT COUNT(*) FROM idempotency_keys");
    EXPECT_OK(rows);
    if (rows.ok()) {
      EXPECT_EQ(rows->at(0).Int(0), 0);
    }
    return absl::OkStatus();
  }));
  StartModule();
}

TEST_F(ServiceTest, UnknownPollsHaveNoKey) {
  EXPECT_THAT(Issuance(), HasReason("POLL_KEY_NOT_FOUND"));
  EXPECT_THAT(Close(), HasReason("POLL_KEY_NOT_FOUND"));
  EXPECT_THAT(Issue("r", "x"), HasReason("POLL_KEY_NOT_FOUND"));
}

TEST_F(ServiceTest, TheDatabaseDoesNotStartWithoutItsMasterKey) {
  StopModule();
  std::filesystem::remove(folder_ / "issuer.key");
  EXPECT_THAT(CreateModule(), StatusIs(absl::StatusCode::kNotFound));
  std::filesystem::remove_all(folder_);
  std::filesystem::create_directory(folder_);
  StartModule();
}

}  // namespace
}  // namespace veche::issuer
