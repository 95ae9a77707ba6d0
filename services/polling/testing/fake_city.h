#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "common/http/server.h"
#include "common/merkle/proof.h"
#include "services/polling/protocol/check_ballot.h"
#include "services/polling/testing/test_poll.h"

namespace veche::polling::testing {

// A city with one open poll, of which clients see the calls of docs/polling-protocol.md over HTTP.
// A batch is appended when a client watches a ballot. Thread-safe.
class FakeCity final : public http::Handler {
 public:
  explicit FakeCity(size_t issuers = 1);

  std::string url() const;
  const std::string& poll_id() const { return poll_.definition.poll; }
  TestPoll& poll() { return poll_; }
  void Handle(http::ExchangePtr exchange) override;
  http::Response Refuse(const http::Refusal& refusal) override;

  // "POST /v1/polls/…/ballots" and so on, without the poll.
  std::vector<std::string> requests() const;
  std::vector<std::string> entries() const;
  // Replaces the board.
  void SetEntries(std::vector<std::string> entries);
  // A minute goes by: later heads have a later time.
  void PassMinute();
  // The next request whose path ends with `path` is answered by 503, after it had its effect.
  void LoseAnswerOf(const std::string& path);
  // Ballots stay in the batch even when they are watched.
  void HoldBatch(bool hold);

 private:
  http::Response Answer(const http::Request& request) ABSL_LOCKS_EXCLUDED(mutex_);
  http::Response Route(const http::Request& request, const std::string& path)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  http::Response Issue(const http::Request& request) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  http::Response Cast(const http::Request& request) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string Receipt(const std::string& ticket) ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::string HeadJson() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  merkle::NodeMap Nodes() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  TestPoll poll_;
  std::unique_ptr<protocol::BallotChecker> checker_;
  mutable absl::Mutex mutex_;
  std::vector<std::string> entries_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::string> batch_ ABSL_GUARDED_BY(mutex_);
  std::map<std::string, std::string> issued_ ABSL_GUARDED_BY(mutex_);  // by issuer and token
  std::vector<std::string> requests_ ABSL_GUARDED_BY(mutex_);
  std::string lost_ ABSL_GUARDED_BY(mutex_);
  bool hold_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<http::Server> server_;  // last: serves until it is destroyed
};

}  // namespace veche::polling::testing
