// Sends the deliveries of a database until somebody kills it: delivery_process DATABASE. For
// workers/delivery_crash_test.cc.

#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "common/base/clock.h"
#include "common/crypto/p256.h"
#include "common/http_client/client.h"
#include "services/notifications/sending/push_sender.h"
#include "services/notifications/workers/delivery_worker.h"

namespace veche::notifications {
namespace {

class Messages final : public MessageSource {
 public:
  absl::StatusOr<std::vector<bool>> Write(absl::Span<Job> jobs) override {
    for (Job& job : jobs) job.message = {.title = "T"};
    return std::vector<bool>(jobs.size(), true);
  }
};

int Run(const char* file) {
  auto database = sql::OpenSqlite({.path = file});
  auto client = http_client::Client::Create({.private_addresses = true, .plain_http = true});
  if (!database.ok() || !client.ok()) return 1;
  const SystemClock clock;
  observe::Telemetry telemetry = observe::NullTelemetry();
  DeliveryStore store;
  EndpointStore endpoints(std::string(32, 'k'));
  VapidSigner signer(crypto::GenerateP256(), "mailto:a@example.org");
  PushSender sender(**database, endpoints, &signer);
  Messages messages;
  const absl::Status recovered = (*database)->Write([&](sql::Transaction& transaction) {
    return store.Recover(transaction, Channel::kWebPush, clock.Now());
  });
  if (!recovered.ok()) return 1;
  DeliveryWorker worker({.limits = {.concurrency = 64, .rate = 1e6}},
                        {**database, store, messages, sender, **client, clock, telemetry});
  worker.Start();
  while (true) pause();
}

}  // namespace
}  // namespace veche::notifications

int main(int argc, char** argv) { return argc == 2 ? veche::notifications::Run(argv[1]) : 2; }
