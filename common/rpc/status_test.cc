#include "common/rpc/status.h"

#include "common/testing/status_matchers.h"

namespace veche::rpc {
namespace {

TEST(StatusTest, OkStaysOk) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus()).ok());
  EXPECT_OK(FromGrpc(grpc::Status::OK));
}

TEST(StatusTest, EveryCodeComesBack) {
  for (int code = 1; code <= 16; ++code) {
    const absl::Status status(static_cast<absl::StatusCode>(code), "why");
    EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
  }
}

TEST(StatusTest, EveryDetailComesBack) {
  Violations violations;
  violations.Add("title", "is required");
  const absl::Status status = WithRetryAfter(violations.ToStatus(), absl::Seconds(2));
  EXPECT_EQ(FromGrpc(ToGrpc(status)), status);
}

TEST(StatusTest, DetailsThatAreNoneDoNoHarm) {
  const grpc::Status odd(grpc::StatusCode::NOT_FOUND, "why", "\xff not a proto");
  EXPECT_EQ(FromGrpc(odd), absl::NotFoundError("why"));
}

}  // namespace
}  // namespace veche::rpc
