#pragma once

#include <functional>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/base/clock.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "common/sql/database.h"
#include "services/polling/board/board.h"
#include "services/polling/storage/poll_store.h"

namespace veche::polling {

// Appends ballots to the boards of open polls, batch by batch. The replicas of a service may all
// run one: a batch is taken under the lock of its poll. Thread-safe.
class BoardKeeper {
 public:
  // `on_append` is called after each batch.
  BoardKeeper(sql::Database& database, PollStore& polls, BoardStore& entries, Board& board,
              const Clock& clock, observe::Telemetry& telemetry, std::function<void()> on_append);

  void Start() { worker_.Start(); }
  void Wake() { worker_.Wake(); }
  void Stop() { worker_.Stop(); }

  // Appends every batch that is due. Returns how long to wait for the next one. Tries all polls,
  // and returns the last error.
  absl::StatusOr<absl::Duration> AppendDue();

 private:
  absl::Duration Step();
  // False when another replica was faster, or the poll closes.
  absl::StatusOr<bool> AppendBatch(absl::string_view poll);

  sql::Database& database_;
  PollStore& polls_;
  BoardStore& entries_;
  Board& board_;
  const Clock& clock_;
  observe::Telemetry& telemetry_;
  const std::function<void()> on_append_;
  Worker worker_;
};

}  // namespace veche::polling
