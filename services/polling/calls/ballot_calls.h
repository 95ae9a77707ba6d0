#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/base/error.h"
#include "common/rpc/call.h"
#include "common/rpc/stream.h"
#include "services/polling/board/ballot_box.h"
#include "services/polling/board/receipts.h"
#include "services/polling/streams/receipt_hub.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// The calls of voters without identity: the callers must be anonymous. Thread-safe; the
// dependencies must outlive this object.
class BallotCalls {
 public:
  BallotCalls(BallotBox& box, Receipts& receipts, ReceiptHub& hub)
      : box_(box), receipts_(receipts), hub_(hub) {}

  absl::StatusOr<v1::BallotReceipt> CreateBallot(const rpc::Call& call,
                                                 const v1::CreateBallotRequest& request,
                                                 Violations violations);
  absl::StatusOr<v1::BallotReceipt> GetBallot(const rpc::Call& call,
                                              const v1::GetBallotRequest& request);
  absl::Status WatchBallot(const rpc::Call& call, const v1::WatchBallotRequest& request,
                           std::shared_ptr<rpc::StreamWriter<v1::WatchBallotResponse>> writer);

 private:
  BallotBox& box_;
  Receipts& receipts_;
  ReceiptHub& hub_;
};

}  // namespace veche::polling
