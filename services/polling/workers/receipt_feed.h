#pragma once

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/base/worker.h"
#include "common/observe/telemetry.h"
#include "services/polling/board/receipts.h"
#include "services/polling/streams/receipt_hub.h"

namespace veche::polling {

// Sends receipts to the clients that wait for them. Thread-safe.
class ReceiptFeed {
 public:
  ReceiptFeed(Receipts& receipts, ReceiptHub& hub, observe::Telemetry& telemetry);
  ~ReceiptFeed() { hub_.SetListener(nullptr); }

  void Start() { worker_.Start(); }
  void Wake() { worker_.Wake(); }
  void Stop() { worker_.Stop(); }

  // Looks every waiting ballot up once for each new size of its board.
  absl::Status SendReceipts();

 private:
  absl::Duration Step();

  Receipts& receipts_;
  ReceiptHub& hub_;
  observe::Telemetry& telemetry_;
  Worker worker_;
};

}  // namespace veche::polling
