#include <gtest/gtest.h>

#include <thread>

#include "common/rpc/dispatcher.h"
#include "common/rpc/status.h"
#include "services/identity/calls/binding.h"
#include "services/identity/commands/demo.h"
#include "services/identity/module.h"
#include "services/identity/testing/fixture.h"
#include "veche/identity/v1/feedback.grpc.pb.h"
#include "veche/identity/v1/identity.grpc.pb.h"
#include "veche/identity/v1/messages.grpc.pb.h"

namespace veche::identity {
namespace {

using rpc::testing::Admin;
using rpc::testing::TestServer;
using ::testing::Contains;
using testing::Identity;
using ::testing::SizeIs;
using veche::testing::HasReason;
using veche::testing::StatusIs;

// Keeps every line that would be logged.
class RecordingLogger final : public observe::Logger {
 public:
  void Log(observe::Level level, absl::string_view event, observe::LogFields fields) override {
    absl::MutexLock lock(&mutex_);
    absl::StrAppend(&text_, event);
    for (const auto& [name, value] : fields) absl::StrAppend(&text_, " ", name, "=", value);
    absl::StrAppend(&text_, "\n");
  }
  std::string text() const {
    absl::MutexLock lock(&mutex_);
    return text_;
  }

 private:
  mutable absl::Mutex mutex_;
  std::string text_ ABSL_GUARDED_BY(mutex_);
};

class ServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    observe::Telemetry telemetry = observe::NullTelemetry();
    telemetry.logger = logger_;
    auto dispatcher = rpc::Dispatcher::Create(
        {.service = "identity", .callers = rpc::testing::SuiteCallers(), .texts = TextFiles()},
        Bind(identity_.sign_in, identity_.accounts, identity_.messages, identity_.eligibility,
             identity_.issuer_tokens, identity_.feedback, identity_.sessions),
        TestServer::verifier(), &idempotency_, identity_.clock, telemetry);
    ASSERT_OK(dispatcher);
    rpc_ = *std::move(dispatcher);
    server_ = std::make_unique<TestServer>(rpc_->services());
    stub_ = v1::Identity::NewStub(server_->channel());
  }
  void TearDown() override {
    rpc_->Shutdown();
    server_.reset();
  }

  template <typename Request, typename Response>
  absl::StatusOr<Response> Do(grpc::Status (v1::Identity::Stub::*method)(grpc::ClientContext*,
                                                                         const Request&, Response*),
                              const Request& request, const auth::Principal& caller = {}) {
    Response response;
    const auto context = server_->ContextFor(caller);
    const grpc::Status status = (stub_.get()->*method)(context.get(), request, &response);
    if (!status.ok()) return rpc::FromGrpc(status);
    return response;
  }
  absl::StatusOr<v1::SignInResponse> SignInByCode(const std::string& contact) {
    v1::SendCodeRequest send;
    send.set_contact(contact);
    const auto sent = Do(&v1::Identity::Stub::SendCode, send);
    if (!sent.ok()) return sent.status();
    v1::SignInRequest request;
    request.set_challenge(sent->challenge());
    request.set_code(identity_.sender.last_code());
    return Do(&v1::Identity::Stub::SignIn, request);
  }

  Identity identity_;
  rpc::Idempotency idempotency_{*identity_.database, identity_.clock};
  std::shared_ptr<RecordingLogger> logger_ = std::make_shared<RecordingLogger>();
  std::unique_ptr<rpc::Dispatcher> rpc_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::Identity::Stub> stub_;
};

TEST_F(ServiceTest, AResidentSignsInAndSeesTheirAccount) {
  const auto session = SignInByCode("+79991234567");
  ASSERT_OK(session);
  const auto me = Do(
      &v1::Identity::Stub::GetMe, v1::GetMeRequest(),
      {.name = session->principal().name(), .roles = {options::v1::ANYONE, options::v1::RESIDENT}});
  ASSERT_OK(me);
  EXPECT_EQ(me->contacts(0).value(), "+79991234567");
}

TEST_F(ServiceTest, OnlyResidentsGetTokensForIssuersAndNotByThoseTokens) {
  v1::CreateIssuerTokenRequest request;
  request.set_issuer("union");
  request.set_poll("p1");
  EXPECT_OK(Do(&v1::Identity::Stub::CreateIssuerToken, request, rpc::testing::Resident("r")));
  for (const auth::Principal& caller : {rpc::testing::Admin("a"), rpc::testing::Service("polling"),
                                        rpc::testing::Service("issuer")}) {
    EXPECT_THAT(Do(&v1::Identity::Stub::CreateIssuerToken, request, caller),
                StatusIs(absl::StatusCode::kPermissionDenied))
        << caller.name;
  }
  auth::Principal bearer = rpc::testing::Resident("r");
  bearer.audience = "issuer:union";
  EXPECT_THAT(Do(&v1::Identity::Stub::CreateIssuerToken, request, bearer),
              HasReason("TOKEN_INVALID"));
  EXPECT_THAT(Do(&v1::Identity::Stub::GetMe, v1::GetMeRequest(), bearer),
              HasReason("TOKEN_INVALID"));
}

TEST_F(ServiceTest, TwentyAtOnceRegisterOneResidentEach) {
  std::vector<v1::SignInRequest> requests;
  for (int i = 0; i < 5; ++i) requests.push_back(identity_.AskForCode("race@example.ru"));
  std::vector<std::string> names(20);
  std::vector<std::thread> threads;
  for (size_t i = 0; i < names.size(); ++i) {
    threads.emplace_back([&, i] {
      const auto response = Do(&v1::Identity::Stub::SignIn, requests[i % requests.size()]);
      if (response.ok()) names[i] = response->principal().name();
    });
  }
  for (std::thread& thread : threads) thread.join();
  std::set<std::string> distinct(names.begin(), names.end());
  distinct.erase("");
  EXPECT_THAT(distinct, SizeIs(1));
  EXPECT_EQ(std::count(names.begin(), names.end(), ""), 15);
}

TEST_F(ServiceTest, OnlyThoseWhoMayCallDo) {
  using veche::testing::StatusIs;
  EXPECT_THAT(Do(&v1::Identity::Stub::GetMe, v1::GetMeRequest()),
              StatusIs(absl::StatusCode::kUnauthenticated));
  EXPECT_THAT(Do(&v1::Identity::Stub::ListStaff, v1::ListStaffRequest(),
                 rpc::testing::Resident("01hzzzzzzzzzzzzzzzzzzzzzzz")),
              StatusIs(absl::StatusCode::kPermissionDenied));
  v1::SendMessagesResponse messages;
  v1::SendMessagesRequest message;
  EXPECT_EQ(v1::Messages::NewStub(server_->channel())
                ->SendMessages(server_->ContextFor(Admin("a")).get(), message, &messages)
                .error_code(),
            grpc::StatusCode::PERMISSION_DENIED);
  v1::ListFeedbackResponse feedback;
  EXPECT_EQ(
      v1::Feedback::NewStub(server_->channel())
          ->ListFeedback(server_->ContextFor(rpc::testing::Officer("a", "departments/roads")).get(),
                         {}, &feedback)
          .error_code(),
      grpc::StatusCode::PERMISSION_DENIED);
  v1::VerifyResidentRequest verify;
  verify.set_name("residents/x");
  verify.set_birth_date("1990-01-01");
  verify.set_document_kind("PASSPORT");
  EXPECT_THAT(Do(&v1::Identity::Stub::VerifyResident, verify,
                 rpc::testing::Officer("a", "departments/roads")),
              StatusIs(absl::StatusCode::kPermissionDenied));
  v1::CheckEligibilityRequest check;
  check.set_resident("residents/x");
  check.mutable_time()->set_seconds(1);
  EXPECT_THAT(Do(&v1::Identity::Stub::CheckEligibility, check, rpc::testing::Service("appeals")),
              StatusIs(absl::StatusCode::kPermissionDenied));
  EXPECT_THAT(Do(&v1::Identity::Stub::CheckEligibility, check, rpc::testing::Service("issuer")),
              veche::testing::HasReason("RESIDENT_NOT_FOUND"));
  EXPECT_THAT(Do(&v1::Identity::Stub::Refresh, v1::RefreshRequest()),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST_F(ServiceTest, NothingPersonalOrSecretIsLogged) {
  const auto session = SignInByCode("+79991234567");
  ASSERT_OK(session);
  const std::string code = identity_.sender.last_code();
  v1::SignInRequest wrong;
  wrong.set_login("irina");
  wrong.set_password("secret of irina");
  (void)Do(&v1::Identity::Stub::SignIn, wrong);
  identity_.sender.FailWith(absl::UnavailableError("outbox is full"));
  v1::SendCodeRequest send;
  send.set_contact("private@example.ru");
  EXPECT_FALSE(Do(&v1::Identity::Stub::SendCode, send).ok());
  const std::string log = logger_->text();
  for (const std::string& secret :
       {std::string("9991234567"), std::string("private@example.ru"), std::string("secret of"),
        code, session->access_token(), session->refresh_token()}) {
    EXPECT_EQ(log.find(secret), std::string::npos) << log;
  }
}

TEST_F(ServiceTest, DemoStaffAreMadeOnceAndKept) {
  const testing::TemporaryFolder folder;
  const auto file = folder.path() / "demo-accounts.json";
  const auto files = DemoFiles::Find("kazan");
  ASSERT_OK(files);
  const auto create = [&](absl::Span<const DemoDepartment> departments) {
    return CreateDemoStaff(
        server_->channel(), [&] { return server_->ContextFor(rpc::testing::Service("commands")); },
        *files, departments, file);
  };
  const DemoDepartment departments[] = {{"departments/roads", "Дороги"},
                                        {"departments/parks", "Парки"}};
  const auto first = create(absl::MakeSpan(departments, 1));
  ASSERT_OK(first);
  EXPECT_THAT(*first, SizeIs(6));
  const auto second = create(departments);
  ASSERT_OK(second);
  EXPECT_THAT(*second, SizeIs(7));
  for (size_t i = 0; i < first->size(); ++i) {
    EXPECT_EQ(first->at(i).password, second->at(i).password);
  }
  std::set<std::string> roles;
  for (const DemoAccount& account : *second) {
    EXPECT_OK(identity_.SignIn(account.login, account.password)) << account.login;
    roles.insert(account.roles.begin(), account.roles.end());
  }
  EXPECT_THAT(roles, SizeIs(StaffRoles().size()));
}

// The module as the process builds it, on a folder of its own.
class ModuleTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::unique_ptr<rpc::Module>> Create() {
    return CreateIdentityModule({config_,
                                 folder_.path(),
                                 channels_,
                                 TestServer::verifier(),
                                 clock_,
                                 ids_,
                                 observe::NullTelemetry(),
                                 {},
                                 rpc::testing::SuiteCallers()});
  }
  static std::string KeyOf(rpc::Module& module) {
    TestServer server(module.services());
    v1::KeySet keys;
    grpc::ClientContext context;
    EXPECT_TRUE(v1::Identity::NewStub(server.channel())->GetKeys(&context, {}, &keys).ok());
    return keys.keys_size() == 1 ? keys.keys(0).x() : "";
  }

  const testing::TemporaryFolder folder_;
  config::v1::Config config_;
  rpc::Channels channels_{config_};
  SystemClock clock_;
  UlidSource ids_{clock_};
};

TEST_F(ModuleTest, KeepsItsSigningKeyOverARestart) {
  std::string first;
  {
    auto module = Create();
    ASSERT_OK(module);
    ASSERT_OK((*module)->Start());
    ASSERT_OK((*module)->Ready());
    first = KeyOf(**module);
    (*module)->Stop();
  }
  auto module = Create();
  ASSERT_OK(module);
  EXPECT_EQ(KeyOf(**module), first);
  (*module)->Stop();
}

TEST_F(ModuleTest, RefusesAMissingOrWrongMasterKey) {
  ASSERT_OK(Create());
  const auto key = folder_.path() / "identity.key";
  std::filesystem::remove(key);
  EXPECT_THAT(Create(), veche::testing::StatusIs(absl::StatusCode::kNotFound));
  EXPECT_FALSE(std::filesystem::exists(key));
  ASSERT_OK(Vault::Open(key, /*may_create=*/true));
  EXPECT_THAT(Create(), veche::testing::StatusIs(absl::StatusCode::kFailedPrecondition));
}

}  // namespace
}  // namespace veche::identity
