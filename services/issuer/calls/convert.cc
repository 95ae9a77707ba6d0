#include "services/issuer/calls/convert.h"

#include <algorithm>

#include "common/api/timestamp.h"
#include "common/base/clock.h"

namespace veche::issuer {
namespace {

// As precise as a time in the database.
absl::Time MicrosFromWire(const google::protobuf::Timestamp& time) {
  return FromMicros(ToMicros(api::FromTimestamp(time)));
}

}  // namespace

Poll FromWire(const v1::CreatePollKeyRequest& request) {
  const identity::v1::Eligibility& rule = request.eligibility();
  Poll poll{.id = request.poll(),
            .eligibility = {.min_age = rule.min_age(),
                            .verified = rule.verified(),
                            .districts = {rule.districts().begin(), rule.districts().end()}},
            .open_time = MicrosFromWire(request.open_time()),
            .close_time = MicrosFromWire(request.close_time())};
  std::vector<std::string>& districts = poll.eligibility.districts;
  std::sort(districts.begin(), districts.end());
  districts.erase(std::unique(districts.begin(), districts.end()), districts.end());
  return poll;
}

identity::v1::Eligibility ToWire(const EligibilityRule& rule) {
  identity::v1::Eligibility wire;
  wire.set_min_age(rule.min_age);
  wire.set_verified(rule.verified);
  for (const std::string& district : rule.districts) wire.add_districts(district);
  return wire;
}

}  // namespace veche::issuer
