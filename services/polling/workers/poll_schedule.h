#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/polling/lifecycle/lifecycle.h"
#include "services/polling/storage/poll_store.h"
#include "services/polling/workers/poll_lane.h"

namespace veche::polling {

// Moves polls on. Each kind of step has a thread of its own: what the clock decides; what an issuer
// must answer, with a thread for each issuer; the count. So neither an issuer that does not answer
// nor a long count holds up other polls. Thread-safe.
class PollSchedule {
 public:
  struct Parts {
    sql::Database& database;
    PollStore& polls;
    Lifecycle& lifecycle;
    const std::vector<std::string>& issuers;  // the names; at most two
    const Clock& clock;
    observe::Telemetry& telemetry;
  };
  // All of `parts` must outlive it.
  explicit PollSchedule(const Parts& parts);
  ~PollSchedule() { Stop(); }

  void Start();
  void Wake();
  void Stop();

 private:
  using Ids = absl::StatusOr<std::vector<std::string>>;

  Ids ListDue();
  // `recorded`: whether the poll has its closing record, so that only the count is left.
  Ids ListUnfinished(absl::FunctionRef<bool(const Poll& poll, bool recorded)> wanted);
  void AddLane(std::string name, std::function<Ids()> list,
               absl::Status (Lifecycle::*step)(absl::string_view));

  const Parts parts_;
  std::vector<std::unique_ptr<PollLane>> lanes_;
};

}  // namespace veche::polling
