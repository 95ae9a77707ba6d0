#include "services/classification/learning/options.h"

#include "absl/strings/str_cat.h"
#include "common/base/status_macros.h"

namespace veche::classification {
namespace {

constexpr char kDefaultZone[] = "Europe/Moscow";
// In training the features of a decision take about 8 KB.
constexpr int kMostDecisions = 100'000;
constexpr int kMostWrongCost = 1000;

absl::Status Bad(absl::string_view field, absl::string_view why) {
  return absl::InvalidArgumentError(absl::StrCat("Configuration: learning.", field, " ", why, "."));
}

absl::Status ReadShare(bool given, double wished, absl::string_view field, double& value) {
  if (!given) return absl::OkStatus();
  if (!(wished >= 0 && wished <= 1)) return Bad(field, "must be from 0 to 1");
  value = wished;
  return absl::OkStatus();
}

absl::Status ReadCount(int wished, int most, absl::string_view field, int& value) {
  if (wished < 0 || wished > most) return Bad(field, absl::StrCat("must be from 0 to ", most));
  if (wished > 0) value = wished;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<LearningOptions> ReadOptions(const config::v1::Config& config) {
  const config::v1::Learning& learning = config.learning();
  LearningOptions options;
  const std::string& zone = config.city().time_zone();
  if (!absl::LoadTimeZone(zone.empty() ? kDefaultZone : zone, &options.zone)) {
    return absl::InvalidArgumentError("Configuration: city.timeZone is not known here.");
  }
  if (learning.has_nightly_hour()) {
    if (learning.nightly_hour() < -1 || learning.nightly_hour() > 23) {
      return Bad("nightlyHour", "must be from 0 to 23, or -1 for never");
    }
    options.nightly_hour.reset();
    if (learning.nightly_hour() >= 0) options.nightly_hour = learning.nightly_hour();
  }
  options.promote_automatically = learning.promote_automatically();
  // -1 was the word for none while 0 meant the default.
  const double shadow_share = learning.shadow_share() == -1 ? 0 : learning.shadow_share();
  RETURN_IF_ERROR(
      ReadShare(learning.has_shadow_share(), shadow_share, "shadowShare", options.shadow_share));
  RETURN_IF_ERROR(ReadShare(learning.has_staff_share(), learning.staff_share(), "staffShare",
                            options.staff_share));
  RETURN_IF_ERROR(ReadShare(learning.has_abstained_limit(), learning.abstained_limit(),
                            "abstainedLimit", options.abstained_limit));
  RETURN_IF_ERROR(ReadShare(learning.has_agreement_limit(), learning.agreement_limit(),
                            "agreementLimit", options.agreement_limit));
  RETURN_IF_ERROR(ReadCount(learning.nightly_decisions(), kMostDecisions, "nightlyDecisions",
                            options.nightly_decisions));
  RETURN_IF_ERROR(ReadCount(learning.most_decisions(), kMostDecisions, "mostDecisions",
                            options.most_decisions));
  RETURN_IF_ERROR(
      ReadCount(learning.drift_window(), kMostDecisions, "driftWindow", options.drift_window));
  const double wrong_cost = config.classification().wrong_cost();
  if (!(wrong_cost == 0 || (wrong_cost >= 1 && wrong_cost <= kMostWrongCost))) {
    return absl::InvalidArgumentError(absl::StrCat(
        "Configuration: classification.wrongCost must be from 1 to ", kMostWrongCost, "."));
  }
  if (wrong_cost != 0) options.wrong_cost = wrong_cost;
  if (learning.has_category_mix_limit()) {
    if (!(learning.category_mix_limit() >= 0))
      return Bad("categoryMixLimit", "must not be below 0");
    options.category_mix_limit = learning.category_mix_limit();
  }
  return options;
}

}  // namespace veche::classification
