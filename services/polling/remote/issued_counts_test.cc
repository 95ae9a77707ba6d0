#include "services/polling/remote/issued_counts.h"

#include <gmock/gmock.h>

#include "common/rpc/callback_queue.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"
#include "services/polling/testing/fake_peers.h"
#include "veche/config/v1/config.pb.h"

namespace veche::polling::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::Optional;

class IssuedCountsTest : public ::testing::Test {
 protected:
  IssuedCountsTest() {
    rpc::KeepCallbackQueue();
    servers_ = {Serve("issuer", city_), Serve("second_issuer", union_),
                Serve("identity", identity_)};
    issuers_ = std::make_unique<Issuers>(channels_, "union", clock_);
    counts_ = std::make_unique<IssuedCounts>(*issuers_, clock_);
    poll_.id = "p1";
    city_.MakeKey(poll_.id);
    union_.MakeKey(poll_.id);
    poll_.definition.issuers = {{"city", "", ""}, {"union", "", ""}};
  }
  ~IssuedCountsTest() override {
    for (const auto& server : servers_) server->Shutdown(std::chrono::system_clock::now());
  }

  std::shared_ptr<grpc::Server> Serve(const char* name, grpc::Service& service) {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service);
    std::shared_ptr<grpc::Server> server = builder.BuildAndStart();
    channels_.AddLocal(name, *server);
    return server;
  }
  // "city=1": what each issuer has issued, in order; a minute after the last time.
  std::vector<std::string> Counts() {
    clock_.Advance(absl::Minutes(1));
    std::vector<std::string> counts;
    for (const Issued& issued : counts_->Get(poll_)) {
      counts.push_back(absl::StrCat(issued.counts.name, "=", issued.counts.issued));
    }
    return counts;
  }

  config::v1::Config config_;
  rpc::Channels channels_{config_};
  veche::testing::FakeClock clock_;
  FakeIssuer city_, union_{"union"};
  FakeIdentity identity_;
  std::vector<std::shared_ptr<grpc::Server>> servers_;
  std::unique_ptr<Issuers> issuers_;
  std::unique_ptr<IssuedCounts> counts_;
  Poll poll_;
};

TEST_F(IssuedCountsTest, KeepsWhatAnIssuerSaidLastWhileItCannotBeReached) {
  union_.SetDown(true);
  city_.SetIssued(4);
  EXPECT_THAT(Counts(), ElementsAre("city=4")) << "the second issuer has not said anything yet";
  union_.SetDown(false);
  union_.SetIssued(3);
  EXPECT_THAT(Counts(), ElementsAre("city=4", "union=3"));
  city_.SetDown(true);
  union_.SetIssued(5);
  EXPECT_THAT(Counts(), ElementsAre("city=4", "union=5"));
  EXPECT_THAT(counts_->CountOfFirst(poll_), Optional(4));
  union_.SetDown(true);
  EXPECT_THAT(Counts(), ElementsAre("city=4", "union=5"));
  city_.SetDown(false);
  city_.SetIssued(6);
  EXPECT_THAT(Counts(), ElementsAre("city=6", "union=5"));
}

}  // namespace
}  // namespace veche::polling::testing
