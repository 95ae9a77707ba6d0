#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/http_client/client.h"
#include "services/notifications/domain/verdict.h"

namespace veche::notifications {

// What the answer of a push service (RFC 8030) or of a webhook means: 2xx sent; 404 and 410 gone;
// 429, 5xx and no answer retry; all others refused. `now` is for a Retry-After with a date.
Verdict Judge(const absl::StatusOr<http_client::Response>& answer, absl::Time now);

}  // namespace veche::notifications
