#pragma once

#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/http/server.h"
#include "common/http/testing.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/gateway/calls/gateway.h"
#include "veche/testing/v1/gateway_test.grpc.pb.h"

namespace veche::gateway::testing {

namespace v1 = ::veche::testing::gateway::v1;

// The service behind the gateway in tests; the comments of its proto say what it does.
class FakeGadgets final : public v1::Gadgets::Service {
 public:
  template <typename T>
  using Writer = grpc::ServerWriter<T>;
  using Context = grpc::ServerContext;
  using HttpBody = google::api::HttpBody;

  grpc::Status CreateGadget(Context*, const v1::CreateGadgetRequest*, v1::Gadget*) override;
  grpc::Status GetGadget(Context*, const v1::GetGadgetRequest*, v1::Gadget*) override;
  grpc::Status GetGadgetAnonymously(Context*, const v1::GetGadgetAnonymouslyRequest*,
                                    v1::Gadget*) override;
  grpc::Status ListGadgets(Context*, const v1::ListGadgetsRequest*,
                           v1::ListGadgetsResponse*) override;
  grpc::Status UpdateGadget(Context*, const v1::UpdateGadgetRequest*, v1::Gadget*) override;
  grpc::Status GetCounter(Context*, const v1::GetCounterRequest*, v1::Counter*) override;
  grpc::Status BumpCounter(Context*, const v1::BumpCounterRequest*, v1::Counter*) override;
  grpc::Status GetManual(Context*, const v1::GetManualRequest*, HttpBody*) override;
  grpc::Status Fail(Context*, const v1::FailRequest*, google::protobuf::Empty*) override;
  grpc::Status Wait(Context*, const v1::WaitRequest*, google::protobuf::Empty*) override;
  grpc::Status WatchGadget(Context*, const v1::WatchGadgetRequest*,
                           Writer<v1::WatchGadgetResponse>*) override;
  grpc::Status Upload(Context*, grpc::ServerReader<HttpBody>*, v1::File*) override;
  grpc::Status Download(Context*, const v1::DownloadRequest*, Writer<HttpBody>*) override;

  // Events that tests wait for.
  absl::Notification waiting;
  absl::Notification cancelled;
  std::atomic<int64_t> sent{0};  // bytes of a download
  std::atomic<int> counter{0};
  std::atomic<int> counter_reads{0};
  std::atomic<int> cancellations{0};  // of the next GetCounter, as by a replica that stops
  std::atomic<int> hangs{0};          // of the next GetCounter, until it is cancelled or `release`
  absl::Notification release;
  std::atomic<int> hangs_cancelled{0};
  absl::Notification* bump_go = nullptr;  // BumpCounter waits for it
  std::atomic<int> refusals{0};           // of the next BumpCounter, as by a replica that stops
};

// A gateway on a free port in front of a real gRPC server.
class GatewayTest : public ::testing::Test {
 protected:
  // Rate limits are off unless a test sets them.
  GatewayTest();
  ~GatewayTest() override;

  void Start();
  // Another gateway in front of the same server.
  std::unique_ptr<Gateway> MakeGateway(std::unique_ptr<redis::Client> redis);
  // Ends all requests. A request is counted at its very end, which may be after the test has read
  // the answer: the counts are final only after Stop.
  void Stop();
  int port() const { return http_->port(); }

  GatewayOptions options_;
  http::ServerOptions http_options_;
  veche::testing::FakeClock clock_;
  observe::Telemetry telemetry_ = observe::NullTelemetry();
  FakeGadgets gadgets_;
  std::shared_ptr<grpc::Channel> channel_;  // to `gadgets_` unless a test sets it
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<redis::Client> redis_;  // for the gateway, or null
  std::unique_ptr<Gateway> gateway_;
  std::unique_ptr<http::Server> http_;
};

}  // namespace veche::gateway::testing
