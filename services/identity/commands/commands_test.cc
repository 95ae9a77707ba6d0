#include "services/identity/commands/commands.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "common/rpc/dispatcher.h"
#include "services/identity/calls/binding.h"
#include "services/identity/testing/fixture.h"

namespace veche::identity {
namespace {

using rpc::testing::TestServer;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr char kPassword[] = "a long enough password";

class CommandsTest : public ::testing::Test {
 protected:
  CommandsTest() {
    auto dispatcher = rpc::Dispatcher::Create(
        {.service = "identity", .callers = rpc::testing::SuiteCallers(), .texts = TextFiles()},
        Bind(identity_.sign_in, identity_.accounts, identity_.messages, identity_.eligibility,
             identity_.issuer_tokens, identity_.feedback, identity_.sessions),
        TestServer::verifier(), nullptr, identity_.clock, observe::NullTelemetry());
    EXPECT_OK(dispatcher);
    rpc_ = *std::move(dispatcher);
    server_ = std::make_unique<TestServer>(rpc_->services());
  }
  ~CommandsTest() override { rpc_->Shutdown(); }

  int Run(const std::vector<std::string>& args, const AskPassword& ask = nullptr) {
    out_.str("");
    err_.str("");
    return RunIdentityCommand(args, server_->channel(), ask, out_, err_);
  }
  absl::StatusOr<v1::SignInResponse> SignIn(const std::string& password) {
    v1::SignInRequest request;
    request.set_login("boss");
    request.set_password(password);
    return identity_.sign_in.SignIn(rpc::testing::MakeCall(), request);
  }

  testing::Identity identity_;
  std::unique_ptr<rpc::Dispatcher> rpc_;
  std::unique_ptr<TestServer> server_;
  std::ostringstream out_, err_;
};

TEST_F(CommandsTest, MakesAnAdministratorWithThePasswordThatWasAsked) {
  EXPECT_EQ(Run({"create-admin", "--login", "boss"}, [] { return std::string(kPassword); }), 0)
      << err_.str();
  EXPECT_THAT(out_.str(), Not(HasSubstr(kPassword)));
  const auto answer = SignIn(kPassword);
  ASSERT_OK(answer);
  EXPECT_THAT(answer->principal().roles(), ::testing::Contains(options::v1::ADMIN));
}

TEST_F(CommandsTest, PrintsThePasswordThatItMade) {
  EXPECT_EQ(Run({"create-admin", "--login=boss", "--display_name=Глава"}), 0) << err_.str();
  const std::string text = out_.str();
  const size_t at = text.find("Password: ");
  ASSERT_NE(at, std::string::npos);
  EXPECT_OK(SignIn(text.substr(at + 10, 20)));
}

TEST_F(CommandsTest, SaysWhatIsWrong) {
  EXPECT_EQ(Run({}), 2);
  EXPECT_EQ(Run({"create-admin"}), 2);
  EXPECT_EQ(Run({"create-admin", "--login", "boss", "--role", "ADMIN"}), 2);
  EXPECT_EQ(Run({"create-admin", "--login", "Boss!"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("login: must be"));
  EXPECT_EQ(Run({"create-admin", "--login", "boss"},
                []() -> absl::StatusOr<std::string> { return absl::CancelledError("no"); }),
            1);
  EXPECT_EQ(Run({"create-admin", "--login", "boss"}), 0);
  EXPECT_EQ(Run({"create-admin", "--login", "boss"}), 1);
  EXPECT_THAT(err_.str(), HasSubstr("login"));
}

}  // namespace
}  // namespace veche::identity
