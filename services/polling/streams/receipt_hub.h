#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "common/rpc/stream.h"
#include "common/rpc/subscriber_hub.h"
#include "services/polling/domain/errors.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// A client that waits for a ballot to be on the board. After Subscribe only the receipt feed
// (workers/receipt_feed.h) may use `searched`.
struct ReceiptStream {
  std::shared_ptr<rpc::StreamWriter<v1::WatchBallotResponse>> writer;
  std::string poll;
  std::string leaf_hash;
  uint64_t searched = 0;  // the size of the tree in which the leaf was not found
};

// The waiting clients by ticket.
using ReceiptHub = rpc::SubscriberHub<std::string, ReceiptStream>;

inline rpc::SubscriberHubOptions ReceiptHubOptions(int streams = 10'000) {
  return {
      .capacity = streams, .capacity_per_key = 4, .full = TooManyStreams(), .stopped = Stopping()};
}

}  // namespace veche::polling
