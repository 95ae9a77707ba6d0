#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The three shapes of streams; none holds a thread while it waits.

namespace veche::rpc {

// The sending end of a subscription that lives as long as the client wants. Thread-safe; share it
// with the hub that feeds it.
template <typename Response>
class StreamWriter {
 public:
  virtual ~StreamWriter() = default;

  // Queues a message. False when the stream is over or the client is too slow for its bounded
  // queue: the stream then ends with ResourceExhausted and the client resumes from its last event
  // id.
  virtual bool Write(Response message) = 0;
  // Ends the stream after what is queued. Repeats are ignored.
  virtual void Finish(absl::Status status) = 0;
  // `done` is called once when the stream is over for whatever reason, or at once when it is
  // already. It must not block.
  virtual void OnDone(std::function<void()> done) = 0;
};

// Answers a stream piece by piece as fast as the client takes it: files. Called on the worker pool,
// one call at a time.
template <typename Response>
class StreamProducer {
 public:
  virtual ~StreamProducer() = default;
  // Fills `message` and returns true; false at the end.
  virtual absl::StatusOr<bool> Next(Response& message) = 0;
};

// Takes a client's stream piece by piece: uploads. Called on the worker pool, one call at a time.
// Destroyed without Finish when the client breaks off.
template <typename Request, typename Response>
class StreamSink {
 public:
  virtual ~StreamSink() = default;
  virtual absl::Status Append(const Request& message) = 0;
  virtual absl::StatusOr<Response> Finish() = 0;
};

}  // namespace veche::rpc
