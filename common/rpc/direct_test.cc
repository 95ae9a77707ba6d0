#include "common/rpc/direct.h"

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/probe.h"

namespace veche::rpc::testing {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::veche::testing::HasReason;
using ::veche::testing::StatusIs;

constexpr char kProbe[] = "/veche.testing.v1.Probe/";

// Calls and waits for the answer.
template <typename Request, typename Response = v1::EchoResponse>
absl::StatusOr<Response> Ask(Probe& probe, absl::string_view method, const Request& request,
                             DirectService::Options options = {}) {
  absl::Notification over;
  absl::Status status;
  Response response;
  probe.dispatcher().Unary(absl::StrCat(kProbe, method), std::move(options),
                           request.SerializeAsString(),
                           [&](const absl::Status& ended, absl::string_view wire) {
                             status = ended;
                             EXPECT_TRUE(response.ParseFromString(std::string(wire)));
                             over.Notify();
                           });
  over.WaitForNotification();
  if (!status.ok()) return status;
  return response;
}

TEST(DirectTest, TellsTheHandlerWhoCalls) {
  Probe probe;
  for (const auth::Principal& principal :
       {auth::Principal{}, Resident("a"), Officer("b", "departments/roads"), Service("appeals")}) {
    auto response = Ask(probe, "Echo", v1::EchoRequest(), TestServer::DirectOptionsFor(principal));
    ASSERT_OK(response);
    EXPECT_EQ(response->text(), principal.name);
  }
}

TEST(DirectTest, ChecksWhatACallThroughGrpcIsCheckedFor) {
  Probe probe;
  EXPECT_THAT(Ask(probe, "AskResident", v1::AskResidentRequest()).status(),
              HasReason("TOKEN_REQUIRED"));
  EXPECT_THAT(Ask(probe, "AskResident", v1::AskResidentRequest(),
                  TestServer::DirectOptionsFor(Service("appeals")))
                  .status(),
              HasReason("SERVICE_NOT_ALLOWED"));
  EXPECT_THAT(
      Ask(probe, "Echo", v1::EchoRequest(), {{{"authorization", "Bearer nonsense"}}}).status(),
      HasReason("TOKEN_INVALID"));
  EXPECT_THAT(Ask(probe, "Demand", v1::DemandRequest()).status(),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(Ask(probe, "Echo", v1::EchoRequest(), {{}, absl::Now() - absl::Seconds(1)}).status(),
              StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST(DirectTest, KnowsItsUnaryMethodsAlone) {
  Probe probe;
  EXPECT_TRUE(probe.dispatcher().Has(absl::StrCat(kProbe, "Echo")));
  EXPECT_FALSE(probe.dispatcher().Has(absl::StrCat(kProbe, "Watch"))) << "a stream";
  EXPECT_FALSE(probe.dispatcher().Has(absl::StrCat(kProbe, "Nothing")));
}

TEST(DirectTest, KeepsWhatWentWrongInside) {
  Probe probe;
  probe.handlers.echo = [](const Call&,
                           const v1::EchoRequest&) -> absl::StatusOr<v1::EchoResponse> {
    throw std::runtime_error("secret");
  };
  const absl::Status status = Ask(probe, "Echo", v1::EchoRequest()).status();
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kInternal));
  EXPECT_THAT(status.ToString(), Not(HasSubstr("secret")));
}

TEST(DirectTest, CancellationReachesTheHandler) {
  Probe probe;
  absl::Notification running;
  absl::Notification cancelled;
  probe.handlers.echo = [&](const Call& call, const v1::EchoRequest&) {
    running.Notify();
    cancelled.WaitForNotification();
    v1::EchoResponse response;
    response.set_text(call.cancelled() ? "cancelled" : "");
    return response;
  };
  absl::Notification over;
  std::string answer;
  auto call = probe.dispatcher().Unary(absl::StrCat(kProbe, "Echo"), {}, "",
                                       [&](const absl::Status&, absl::string_view wire) {
                                         answer = std::string(wire);
                                         over.Notify();
                                       });
  running.WaitForNotification();
  call->Cancel();
  cancelled.Notify();
  over.WaitForNotification();
  EXPECT_THAT(answer, HasSubstr("cancelled"));
  call->Cancel();  // has no effect after the end
}

TEST(DirectTest, EndsACallThatThePoolRefuses) {
  Probe probe;
  probe.dispatcher().Shutdown();
  EXPECT_THAT(Ask(probe, "Echo", v1::EchoRequest()).status(),
              StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace veche::rpc::testing
