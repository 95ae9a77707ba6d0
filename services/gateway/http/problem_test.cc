#include "services/gateway/http/problem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/base/error.h"

namespace veche::gateway {
namespace {

using ::testing::HasSubstr;

TEST(ProblemTest, SaysAllThatAClientNeeds) {
  const absl::Status status = MakeError(absl::StatusCode::kFailedPrecondition, "appeals",
                                        "WRONG_STATE", "The appeal is CLOSED.");
  EXPECT_EQ(ProblemJson(status, "abc"),
            R"({"type":"urn:veche:problem:WRONG_STATE","title":"Unprocessable Content",)"
            R"("status":422,"detail":"The appeal is CLOSED.","code":"FAILED_PRECONDITION",)"
            R"("reason":"WRONG_STATE","traceId":"abc"})");
}

TEST(ProblemTest, RoundsRetryAfterUp) {
  const auto response =
      ProblemResponse(WithRetryAfter(absl::UnavailableError("x"), absl::Milliseconds(1200)), "");
  EXPECT_THAT(response.headers, HasSubstr("Retry-After: 2\r\n"));
}

TEST(ProblemTest, AsksForATokenOrABetterOne) {
  EXPECT_THAT(
      ProblemResponse(GatewayError(absl::StatusCode::kUnauthenticated, "TOKEN_REQUIRED", ""), "")
          .headers,
      HasSubstr("WWW-Authenticate: Bearer realm=\"veche\"\r\n"));
  EXPECT_THAT(
      ProblemResponse(GatewayError(absl::StatusCode::kUnauthenticated, "TOKEN_EXPIRED", ""), "")
          .headers,
      HasSubstr("error=\"invalid_token\""));
}

}  // namespace
}  // namespace veche::gateway
