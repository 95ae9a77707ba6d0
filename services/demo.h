#pragma once

#include <ostream>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/worker.h"
#include "services/suite.h"
#include "veche/config/v1/config.pb.h"

namespace veche {

// Loads the demo city into the services of this process, through their RPCs: districts,
// departments, categories, staff accounts (printed to `out`, kept in demo-accounts.json) and
// appeals. A repeated call changes nothing. If the directory runs in another process, waits for it.
absl::Status LoadDemo(const config::v1::Config& config, Suite& suite, std::ostream& out);

// Makes the demo's polls after LoadDemo, on its own thread, because their RSA keys take seconds.
// Open polls are made by the process of polling; the closed poll and the demo's residents only if
// this process hosts identity too. Stop waits for the poll or ballot that is being made; the next
// start of the demo makes the rest. Errors go to the log.
class DemoLoader {
 public:
  // `suite` outlives the loader.
  DemoLoader(const config::v1::Config& config, Suite& suite);
  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

 private:
  absl::Duration Step();
  absl::Status LoadPolls();

  const config::v1::Config& config_;
  Suite& suite_;
  Worker worker_;
};

}  // namespace veche
