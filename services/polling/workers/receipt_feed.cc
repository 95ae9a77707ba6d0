#include "services/polling/workers/receipt_feed.h"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "services/polling/protocol/ballot.h"

namespace veche::polling {
namespace {

// In case that the notification of another replica's batch was lost.
constexpr absl::Duration kPoll = absl::Seconds(1);

}  // namespace

ReceiptFeed::ReceiptFeed(Receipts& receipts, ReceiptHub& hub, observe::Telemetry& telemetry)
    : receipts_(receipts),
      hub_(hub),
      telemetry_(telemetry),
      worker_(observe::LoggedWorker("receipt-feed", telemetry_), [this] { return Step(); }) {
  hub_.SetListener([this] { worker_.Wake(); });
}

absl::Duration ReceiptFeed::Step() {
  const absl::Status status = SendReceipts();
  if (!status.ok()) {
    telemetry_.logger->Error("receipts not sent", {{"error", status.ToString()}});
  }
  return hub_.size() > 0 ? kPoll : absl::InfiniteDuration();
}

absl::Status ReceiptFeed::SendReceipts() {
  absl::flat_hash_map<std::string, uint64_t> sizes;
  for (const auto& stream : hub_.Select([](const ReceiptStream&) { return true; })) {
    auto size = sizes.find(stream->poll);
    if (size == sizes.end()) {
      ASSIGN_OR_RETURN(const uint64_t now, receipts_.TreeSize(stream->poll));
      size = sizes.emplace(stream->poll, now).first;
    }
    if (stream->searched == size->second) continue;
    stream->searched = size->second;
    absl::StatusOr<v1::BallotReceipt> receipt = receipts_.Get(stream->poll, stream->leaf_hash);
    if (receipt.ok() && !receipt->has_board_index()) continue;
    if (receipt.ok()) {
      v1::WatchBallotResponse response;
      response.set_event_id(receipt->ticket());
      *response.mutable_receipt() = *std::move(receipt);
      stream->writer->Write(std::move(response));
    }
    stream->writer->Finish(receipt.status());
  }
  return absl::OkStatus();
}

}  // namespace veche::polling
