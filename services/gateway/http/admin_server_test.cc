#include "services/gateway/http/admin_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"
#include "services/gateway/testing/http_client.h"

namespace veche::gateway::testing {
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
  HttpClient client((*server)->port());
  EXPECT_EQ(client.Get("/healthz").status, 200);
  const auto waiting = client.Get("/readyz");
  EXPECT_EQ(waiting.status, 503);
  EXPECT_THAT(waiting.body, HasSubstr(R"("appeals":"migrating")"));
  ready = true;
  EXPECT_EQ(client.Get("/readyz").status, 200);
  EXPECT_THAT(client.Get("/metrics").Header("content-type"), HasSubstr("version=0.0.4"));
  EXPECT_EQ(client.Get("/else").status, 404);
  EXPECT_EQ(client.Request("POST", "/healthz").status, 405);
}

}  // namespace
}  // namespace veche::gateway::testing
