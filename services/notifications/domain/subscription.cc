#include "services/notifications/domain/subscription.h"

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"

namespace veche::notifications {
namespace {

// The first time from `from` on when clocks show this minute of the day. A minute that a change of
// the clocks skips is the moment of the change.
absl::Time NextAt(int minute, absl::Time from, absl::TimeZone zone) {
  for (absl::CivilDay day = absl::ToCivilDay(from, zone);; ++day) {
    const absl::CivilMinute shown(day.year(), day.month(), day.day(), minute / 60, minute % 60);
    const absl::TimeZone::TimeInfo times = zone.At(absl::CivilSecond(shown));
    const absl::Time time =
        times.kind == absl::TimeZone::TimeInfo::SKIPPED ? times.trans : times.pre;
    if (time >= from) return time;
  }
}

}  // namespace

Interest InterestOf(const Subscription& subscription) {
  Interest interest{.topics = subscription.topics,
                    .muted = subscription.muted,
                    .districts = subscription.districts};
  const std::optional<std::string>& home = subscription.home_district;
  if (interest.districts.empty() && home && !home->empty()) interest.districts = {*home};
  return interest;
}

absl::Time SendTime(const std::optional<QuietHours>& quiet_hours, absl::Time now) {
  if (!quiet_hours) return now;
  absl::TimeZone zone;
  if (!absl::LoadTimeZone(quiet_hours->time_zone, &zone)) return now;
  const absl::CivilSecond local = absl::ToCivilSecond(now, zone);
  const int minute = local.hour() * 60 + local.minute();
  const int start = quiet_hours->start, end = quiet_hours->end;
  const bool quiet =
      start < end ? minute >= start && minute < end : minute >= start || minute < end;
  if (!quiet) return now;
  const absl::Time over = NextAt(end, now, zone);
  return quiet_hours->digest_minute ? NextAt(*quiet_hours->digest_minute, over, zone) : over;
}

std::optional<int> ParseMinute(absl::string_view text) {
  const auto digit = [&](size_t place) { return text[place] - '0'; };
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  for (const size_t place : {0, 1, 3, 4}) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[place]))) return std::nullopt;
  }
  const int hour = digit(0) * 10 + digit(1), minute = digit(3) * 10 + digit(4);
  if (hour > 23 || minute > 59) return std::nullopt;
  return hour * 60 + minute;
}

std::string FormatMinute(int minute) {
  return absl::StrFormat("%02d:%02d", minute / 60, minute % 60);
}

}  // namespace veche::notifications
