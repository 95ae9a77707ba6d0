#pragma once

#include <vector>

#include "absl/time/time.h"
#include "services/notifications/domain/delivery.h"
#include "services/notifications/sending/sender.h"

namespace veche::notifications {

// Deliveries as jobs: those of one digest together.
std::vector<Job> ToJobs(std::vector<Delivery> deliveries);

// What a verdict makes of the deliveries of a job: state, error and the next attempt. `random`,
// from 0 to 1, spreads attempts that failed together.
std::vector<Outcome> OutcomesOf(const Job& job, const Verdict& verdict, absl::Time now,
                                double random);
// The job could not be tried; it comes back at `until`.
std::vector<Outcome> PostponedOutcomes(const Job& job, absl::Time until);

}  // namespace veche::notifications
