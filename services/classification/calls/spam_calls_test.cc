#include "services/classification/calls/spam_calls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "common/rpc/callback_queue.h"
#include "common/rpc/status.h"
#include "common/rpc/testing.h"
#include "common/testing/status_matchers.h"
#include "services/classification/module.h"
#include "veche/classification/v1/classification.grpc.pb.h"

// The spam check through the module and real gRPC.

namespace veche::classification {
namespace {

using rpc::testing::TestServer;
using Response = v1::AssessSpamResponse;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::filesystem::path MakeFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "spam-XXXXXX").string();
  return ::mkdtemp(pattern.data());
}

class SpamServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    rpc::KeepCallbackQueue();
    auto module = CreateClassificationModule(environment_);
    ASSERT_OK(module);
    module_ = *std::move(module);
    server_ = std::make_unique<TestServer>(module_->services());
    ASSERT_OK(module_->Start());
    stub_ = v1::Classification::NewStub(server_->channel());
  }
  void TearDown() override {
    if (module_ != nullptr) module_->Stop();
    server_.reset();
    module_.reset();
    std::filesystem::remove_all(folder_);
  }

  absl::StatusOr<Response> Assess(
      const std::string& text, const std::vector<std::string>& recent = {},
      const auth::Principal& caller = rpc::testing::Service("polling")) {
    v1::AssessSpamRequest request;
    request.set_text(text);
    for (const std::string& earlier : recent) request.add_recent_texts(earlier);
    const auto context = server_->ContextFor(caller);
    Response response;
    absl::Status status = rpc::FromGrpc(stub_->AssessSpam(context.get(), request, &response));
    if (!status.ok()) return status;
    return response;
  }

  const std::filesystem::path folder_ = MakeFolder();
  config::v1::Config config_;
  rpc::Channels channels_{config_};
  SystemClock clock_;
  UlidSource ids_{clock_};
  rpc::Environment environment_{config_,
                                folder_,
                                channels_,
                                TestServer::verifier(),
                                clock_,
                                ids_,
                                observe::NullTelemetry(),
                                {},
                                rpc::testing::SuiteCallers()};
  std::unique_ptr<rpc::Module> module_;
  std::unique_ptr<TestServer> server_;
  std::unique_ptr<v1::Classification::Stub> stub_;
};

TEST_F(SpamServiceTest, SaysHowProbableSpamIsAndWhy) {
  const auto spam = Assess("Займ без отказа, звоните 8 917 222-33-44");
  ASSERT_OK(spam);
  EXPECT_GT(spam->probability(), 0.9);
  ASSERT_GT(spam->reasons_size(), 1);
  EXPECT_EQ(spam->reasons(0), Response::ADVERTISING);
  EXPECT_EQ(spam->reasons(1), Response::CONTACTS);
  const auto honest = Assess("Поддерживаю, дорожка нужна зимой.");
  ASSERT_OK(honest);
  EXPECT_LT(honest->probability(), 0.3);
  EXPECT_THAT(honest->reasons(), IsEmpty());
  const std::string text = "Голосуйте за нашу дорожку у реки";
  EXPECT_LT(Assess(text)->probability(), 0.5);
  const auto again = Assess(text, {"Фонари не горят.", text});
  EXPECT_GT(again->probability(), 0.5);
  EXPECT_EQ(again->reasons(0), Response::SAID_BEFORE);
}

TEST_F(SpamServiceTest, IsForPollingAlone) {
  for (const auth::Principal& caller :
       {auth::Principal(), rpc::testing::Resident("ivan"), rpc::testing::Service("appeals"),
        rpc::testing::Admin("boss")}) {
    EXPECT_FALSE(Assess("За.", {}, caller).ok()) << caller.name;
  }
}

TEST(SpamCallsTest, NamesWhatItCannotRead) {
  const auto model = SpamModel::FitSeed();
  ASSERT_OK(model);
  SpamCalls calls(*model);
  const auto problem = [&](const std::string& text, const std::vector<std::string>& recent) {
    v1::AssessSpamRequest request;
    request.set_text(text);
    for (const std::string& earlier : recent) request.add_recent_texts(earlier);
    const rpc::Call call = rpc::testing::MakeCall(rpc::testing::Service("polling"));
    return std::string(calls.AssessSpam(call, request).status().message());
  };
  EXPECT_EQ(problem("За.", {"Да."}), "");
  EXPECT_THAT(problem("", {}), HasSubstr("INVALID_FIELDS: text "));
  EXPECT_THAT(problem("За.", {"Да.", "\xff"}), HasSubstr("INVALID_FIELDS: recentTexts[1] "));
  EXPECT_EQ(problem("За.", std::vector<std::string>(21, "Да.")),
            "INVALID_FIELDS: recentTexts TOO_MANY");
}

}  // namespace
}  // namespace veche::classification
