#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The three kinds of streams. None of them blocks a thread while it waits.

namespace veche::rpc {

// The sending end of a subscription, which stays open until the client leaves or Finish is called.
// Thread-safe; share it with the hub that writes to it.
template <typename Response>
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;

  // Queues a message. False when the stream is over, or when the queue is full because the client
  // reads too slowly: the stream then ends with ResourceExhausted, and the client resumes from its
  // last event id. Does not block.
  virtual bool Write(Response message) = 0;
  // Ends the stream after the queued messages. Repeats are ignored. Does not block.
  virtual void Finish(absl::Status status) = 0;
  // `done` runs once when the stream is over, for any reason, perhaps inside Write or Finish; at
  // once if it is over already. `done` must not block.
  virtual void OnDone(std::function<void()> done) = 0;
};

// Produces a stream, such as a file, piece by piece, as fast as the client reads. Called on the
// worker pool, one call at a time.
template <typename Response>
class StreamProducer {
 public:
  virtual ~StreamProducer() = default;
  // Fills `message` and returns true; false at the end.
  virtual absl::StatusOr<bool> Next(Response& message) = 0;
};

// Receives a client's stream, such as an upload, piece by piece. Called on the worker pool, one
// call at a time. Destroyed without Finish when the client disconnects.
template <typename Request, typename Response>
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual absl::Status Append(const Request& message) = 0;
  virtual absl::StatusOr<Response> Finish() = 0;
};

}  // namespace veche::rpc
