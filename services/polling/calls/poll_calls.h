#pragma once

#include <functional>
#include <string>
#include <utility>

#include "absl/status/statusor.h"
#include "common/base/clock.h"
#include "common/base/error.h"
#include "common/base/id.h"
#include "common/base/texts.h"
#include "common/rpc/call.h"
#include "common/sql/database.h"
#include "services/polling/board/live_results.h"
#include "services/polling/calls/picture_input.h"
#include "services/polling/lifecycle/lifecycle.h"
#include "services/polling/remote/city.h"
#include "services/polling/remote/issued_counts.h"
#include "services/polling/remote/issuers.h"
#include "services/polling/storage/picture_store.h"
#include "services/polling/storage/poll_store.h"
#include "veche/polling/v1/polls.pb.h"

namespace veche::polling {

// The calls on polls and their results. Thread-safe; the parts must outlive this object.
class PollCalls {
 public:
  struct Parts {
    sql::Database& database;
    PollStore& polls;
    PictureStore& pictures;
    Lifecycle& lifecycle;
    LiveResults& live_results;
    Issuers& issuers;
    IssuedCounts& issued;
    City& city;
    PictureSource uploads;
    const Clock& clock;
    IdSource& ids;
    const Texts& texts;
    observe::Telemetry& telemetry;
    bool small_batches;               // DraftRules
    std::function<void()> on_change;  // wakes the schedule
  };
  explicit PollCalls(Parts parts) : parts_(std::move(parts)) {}

  absl::StatusOr<v1::ListPollsResponse> ListPolls(const rpc::Call& call,
                                                  const v1::ListPollsRequest& request,
                                                  Violations violations);
  absl::StatusOr<v1::Poll> GetPoll(const rpc::Call& call, const v1::GetPollRequest& request);
  absl::StatusOr<v1::Poll> CreatePoll(const rpc::Call& call, const v1::CreatePollRequest& request,
                                      Violations violations);
  absl::StatusOr<v1::Poll> UpdatePoll(const rpc::Call& call, const v1::UpdatePollRequest& request,
                                      Violations violations);
  absl::StatusOr<v1::DeletePollResponse> DeletePoll(const rpc::Call& call,
                                                    const v1::DeletePollRequest& request);
  absl::StatusOr<v1::Poll> OpenPoll(const rpc::Call& call, const v1::OpenPollRequest& request);
  absl::StatusOr<v1::Poll> ClosePoll(const rpc::Call& call, const v1::ClosePollRequest& request);
  absl::StatusOr<v1::Results> GetResults(const rpc::Call& call,
                                         const v1::GetResultsRequest& request);

 private:
  // The poll if the caller may see it.
  absl::StatusOr<Poll> Find(const rpc::Call& call, absl::string_view name);
  v1::Poll View(const rpc::Call& call, const Poll& poll) const;
  // The draft that `poll` describes, checked, with its pictures stored.
  absl::StatusOr<Poll> MakeDraft(const rpc::Call& call, v1::Poll poll, std::string id,
                                 Violations violations);
  // Stores the attachments that options name as pictures, and puts their hashes in.
  absl::Status TakePictures(const rpc::Call& call, v1::Poll& poll, Violations& violations);
  // Does what is due at once, so that the answer shows it; the schedule does the rest.
  void Advance(const std::string& id);

  const Parts parts_;
};

}  // namespace veche::polling
