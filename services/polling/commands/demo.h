#pragma once

#include <grpcpp/grpcpp.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/demo/demo_files.h"

namespace veche::polling {

// The polls of a demo city. A poll with the same titles is not made again; both functions go on
// where an earlier run of the program ended. They return Cancelled when `stopping` is true between
// two polls or ballots. Opening a poll takes up to a second for its RSA key.

// Opens the polls of open_polls.json.
absl::Status OpenDemoPolls(const std::shared_ptr<grpc::Channel>& polling, const DemoFiles& files,
                           absl::Time now, const std::function<bool()>& stopping);

// Holds the poll of closed_poll.json and closes it, so that its board can be recounted. Acts with
// the access token of an editor, so that the process of another service can do it. `sign_in_voters`
// returns access tokens of residents, each of whom casts a ballot; it is not called when the poll
// is closed.
absl::Status HoldDemoPoll(
    const std::shared_ptr<grpc::Channel>& polling, const DemoFiles& files,
    const std::string& editor, absl::Time now,
    absl::FunctionRef<absl::StatusOr<std::vector<std::string>>()> sign_in_voters,
    const std::function<bool()>& stopping);

}  // namespace veche::polling
