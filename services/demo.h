#pragma once

#include <ostream>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/base/worker.h"
#include "common/demo/demo_files.h"
#include "services/suite.h"
#include "veche/config/v1/config.pb.h"

namespace veche {

// Loads a demo city into the services of this process, through their RPCs: the directory, staff
// accounts (printed to `out`, kept in demo-accounts.json) and appeals. A repeated call changes
// nothing. If the directory runs in another process, waits for it. FailedPrecondition if the
// directory has another city.
absl::Status LoadDemo(const config::v1::Config& config, const DemoFiles& files, Suite& suite,
                      std::ostream& out);

// Makes the demo's alerts, polls and initiatives after LoadDemo, on its own thread, because RSA
// keys take seconds. What residents and staff do is done by the process of identity, which has the
// codes of residents in its outbox, with their access tokens; the open polls and the end of
// initiatives that expire are made by the process of polling, as commands. Stop waits for the poll,
// ballot or initiative that is being made; the next start of the demo makes the rest. Waits a
// quarter of an hour for other processes. Errors go to the log.
class DemoLoader {
 public:
  // `suite` outlives the loader.
  DemoLoader(const config::v1::Config& config, const DemoFiles& files, Suite& suite);
  void Start() { worker_.Start(); }
  void Stop() { worker_.Stop(); }

 private:
  absl::Duration Step();
  absl::Status Load();
  absl::Status LoadResidentsPart();
  absl::Status LoadInitiatives();
  absl::StatusOr<std::string> SignInStaff(absl::string_view role);
  // Access tokens of the demo's residents; signs them in once.
  absl::StatusOr<std::vector<std::string>> Residents();

  const config::v1::Config& config_;
  const DemoFiles files_;
  Suite& suite_;
  const absl::Time give_up_;
  std::vector<std::string> residents_;  // of the worker's thread
  Worker worker_;
};

}  // namespace veche
