#include "services/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <map>
#include <string>

#include "common/http/testing.h"
#include "common/testing/status_matchers.h"

namespace veche {
namespace {

using ::testing::HasSubstr;

TEST(AdminServerTest, TellsHealthReadinessAndMetrics) {
  std::atomic<bool> ready{false};
  auto server = AdminServer::Start(
      "127.0.0.1:0",
      [&] {
        return std::map<std::string, absl::Status>{
            {"appeals", ready ? absl::OkStatus() : absl::UnavailableError("migrating")},
            {"identity", absl::OkStatus()}};
      },
      observe::NullTelemetry());
  ASSERT_OK(server);
  http::testing::Client client((*server)->port());
  EXPECT_EQ(client.Get("/healthz").status, 200);
  const auto waiting = client.Get("/readyz");
  EXPECT_EQ(waiting.status, 503);
  EXPECT_THAT(waiting.body, HasSubstr(R"("appeals":"migrating")"));
  ready = true;
  EXPECT_EQ(client.Get("/readyz").status, 200);
  EXPECT_THAT(client.Get("/metrics").Header("content-type"), HasSubstr("version=0.0.4"));
  const auto unknown = client.Get("/else");
  EXPECT_EQ(unknown.status, 404);
  EXPECT_THAT(unknown.body, HasSubstr("/readyz"));
  EXPECT_THAT(unknown.Header("content-type"), HasSubstr("text/plain"));
  const auto posted = client.Request("POST", "/healthz");
  EXPECT_EQ(posted.status, 405);
  EXPECT_EQ(posted.Header("allow"), "GET, HEAD");
}

}  // namespace
}  // namespace veche
