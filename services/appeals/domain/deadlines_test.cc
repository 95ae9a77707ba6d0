#include "services/appeals/domain/deadlines.h"

#include <gtest/gtest.h>

#include <string>

namespace veche::appeals {
namespace {

absl::TimeZone Moscow() {
  absl::TimeZone zone;
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Moscow", &zone));
  return zone;
}

absl::Time At(absl::string_view text) {
  absl::Time time;
  std::string error;
  EXPECT_TRUE(absl::ParseTime("%Y-%m-%d %H:%M", text, Moscow(), &time, &error)) << error;
  return time;
}

std::string Show(std::optional<absl::Time> time) {
  return time ? absl::FormatTime("%Y-%m-%d %H:%M", *time, Moscow()) : "none";
}

class DeadlinesTest : public ::testing::Test {
 protected:
  const LegalProfile& Profile(absl::string_view id) { return *FindLegalProfile(id); }

  WorkingCalendar calendar_ = WorkingCalendar::Russia(Moscow());
};

TEST_F(DeadlinesTest, KnowsItsProfiles) {
  EXPECT_EQ(LegalProfiles().size(), 3u);
  EXPECT_EQ(FindLegalProfile("")->id, "none");
  EXPECT_EQ(FindLegalProfile("ru-59fz")->answer.days, 30);
  EXPECT_EQ(FindLegalProfile("ru-60fz"), nullptr);
}

TEST_F(DeadlinesTest, TakesTheEarlierOfTheCategorysTimeAndTheLegalTerm) {
  struct Case {
    absl::string_view registered;
    int hours;
    bool formal;
    absl::string_view profile;
    absl::string_view due;
  };
  for (const Case& c : std::initializer_list<Case>{
           // The city's response time alone.
           {"2026-11-18 10:30", 24, false, "ru-59fz", "2026-11-23 10:30"},
           {"2026-11-18 10:30", 240, false, "ru-59fz", "2026-12-30 10:30"},
           {"2026-11-18 10:30", 0, false, "ru-59fz", "none"},
           {"2026-11-18 10:30", 24, false, "none", "2026-11-23 10:30"},
           // 30 days after 18 November is a Friday.
           {"2026-11-18 10:30", 240, true, "ru-59fz", "2026-12-18 17:00"},
           {"2026-11-18 10:30", 24, true, "ru-59fz", "2026-11-23 10:30"},
           {"2026-11-18 10:30", 0, true, "ru-59fz", "2026-12-18 17:00"},
           {"2026-11-18 10:30", 0, true, "none", "none"},
           // The last day is a day off: the day before counts in Russia, the day after in Ukraine.
           {"2026-11-20 10:30", 0, true, "ru-59fz", "2026-12-18 17:00"},
           {"2026-11-20 10:30", 0, true, "ua-393", "2026-12-21 17:00"},
           // 30 days end in New Year's holidays.
           {"2025-12-05 12:00", 0, true, "ru-59fz", "2025-12-30 17:00"},
           {"2025-12-05 12:00", 0, true, "ua-393", "2026-01-12 17:00"},
           // Leap day: 30 days, and the month that has no 31st.
           {"2024-01-30 12:00", 0, true, "ru-59fz", "2024-02-29 17:00"},
           {"2024-01-31 12:00", 0, true, "ua-393", "2024-02-29 17:00"},
           {"2023-01-31 12:00", 0, true, "ua-393", "2023-02-28 17:00"},
           // Late on New Year's Eve in Moscow is still the old year.
           {"2024-12-31 23:30", 0, true, "ru-59fz", "2025-01-30 17:00"},
       }) {
    DeadlineClock clock{
        .registered = At(c.registered), .response_hours = c.hours, .formal = c.formal};
    EXPECT_EQ(Show(ComputeDue(clock, Profile(c.profile), calendar_)), std::string(c.due))
        << c.registered << " " << c.hours << " " << c.profile;
  }
}

TEST_F(DeadlinesTest, StandsStillWhileTheAuthorIsAsked) {
  struct Case {
    absl::string_view paused;
    absl::string_view resumed;
    absl::string_view message_due;
    absl::string_view formal_due;
  };
  for (const Case& c : std::initializer_list<Case>{
           // Registered on Wednesday, 18 November, 10:30, with 24 working hours.
           {"2026-11-18 12:00", "2026-11-18 13:00", "2026-11-23 11:30", "2026-12-18 17:00"},
           {"2026-11-18 12:00", "2026-11-19 12:00", "2026-11-24 10:30", "2026-12-18 17:00"},
           // Asked and answered on a weekend: no working time was lost; the legal term moves by a
           // day.
           {"2026-11-21 12:00", "2026-11-22 12:00", "2026-11-23 10:30", "2026-12-18 17:00"},
           // Asked on Friday, answered on Sunday: an hour was lost.
           {"2026-11-20 16:00", "2026-11-22 12:00", "2026-11-23 11:30", "2026-12-18 17:00"},
           // A whole week.
           {"2026-11-19 12:00", "2026-11-26 12:00", "2026-11-30 10:30", "2026-12-25 17:00"},
           // Asked when it was overdue already: it stays overdue by the same time.
           {"2026-11-24 10:30", "2026-12-01 10:30", "2026-11-30 10:30", "2026-12-25 17:00"},
       }) {
    DeadlineClock message{.registered = At("2026-11-18 10:30"), .response_hours = 24};
    DeadlineClock formal{.registered = At("2026-11-18 10:30"), .response_hours = 0, .formal = true};
    for (DeadlineClock* clock : {&message, &formal}) {
      Pause(*clock, At(c.paused));
      EXPECT_EQ(ComputeDue(*clock, Profile("ru-59fz"), calendar_), std::nullopt);
      Resume(*clock, At(c.resumed), calendar_);
    }
    EXPECT_EQ(Show(ComputeDue(message, Profile("ru-59fz"), calendar_)), c.message_due) << c.paused;
    EXPECT_EQ(Show(ComputeDue(formal, Profile("ru-59fz"), calendar_)), c.formal_due) << c.paused;
  }
}

TEST_F(DeadlinesTest, AddsPausesUpAndIgnoresRepeats) {
  DeadlineClock clock{.registered = At("2026-11-18 10:30"), .response_hours = 24};
  Resume(clock, At("2026-11-18 11:00"), calendar_);  // it runs already
  Pause(clock, At("2026-11-18 12:00"));
  Pause(clock, At("2026-11-18 12:30"));  // it is paused already
  Resume(clock, At("2026-11-18 13:00"), calendar_);
  Pause(clock, At("2026-11-19 12:00"));
  Resume(clock, At("2026-11-19 14:00"), calendar_);
  EXPECT_EQ(clock.paused_working_time, absl::Hours(3));
  EXPECT_EQ(Show(ComputeDue(clock, Profile("none"), calendar_)), "2026-11-23 13:30");
  // A system clock that was set back loses no time.
  Pause(clock, At("2026-11-20 12:00"));
  Resume(clock, At("2026-11-20 11:00"), calendar_);
  EXPECT_EQ(clock.paused_working_time, absl::Hours(3));
}

TEST_F(DeadlinesTest, MovesWithTheCategoryAndKeepsPauses) {
  DeadlineClock clock{.registered = At("2026-11-18 10:30"), .response_hours = 24};
  Pause(clock, At("2026-11-18 12:00"));
  Resume(clock, At("2026-11-18 14:00"), calendar_);
  clock.response_hours = 8;
  EXPECT_EQ(Show(ComputeDue(clock, Profile("none"), calendar_)), "2026-11-19 12:30");
}

TEST_F(DeadlinesTest, WarnsWhenAFifthIsLeft) {
  DeadlineClock clock{.registered = At("2026-11-18 09:00"), .response_hours = 40};
  auto due = ComputeDue(clock, Profile("none"), calendar_);
  auto warn = ComputeWarnTime(clock, Profile("none"), calendar_);
  EXPECT_EQ(Show(due), "2026-11-24 17:00");
  EXPECT_EQ(Show(warn), "2026-11-23 17:00");
  EXPECT_EQ(CheckAlarm(warn, due, At("2026-11-23 16:59")), Alarm::kNone);
  EXPECT_EQ(CheckAlarm(warn, due, At("2026-11-23 17:00")), Alarm::kDueSoon);
  EXPECT_EQ(CheckAlarm(warn, due, *due), Alarm::kDueSoon);
  EXPECT_EQ(CheckAlarm(warn, due, *due + absl::Seconds(1)), Alarm::kOverdue);
  // A pause moves the warning as much as the due time.
  Pause(clock, At("2026-11-18 09:00"));
  EXPECT_EQ(ComputeWarnTime(clock, Profile("none"), calendar_), std::nullopt);
  Resume(clock, At("2026-11-18 17:00"), calendar_);
  EXPECT_EQ(Show(ComputeDue(clock, Profile("none"), calendar_)), "2026-11-25 17:00");
  EXPECT_EQ(Show(ComputeWarnTime(clock, Profile("none"), calendar_)), "2026-11-24 17:00");
}

TEST_F(DeadlinesTest, LimitsTheStepsBeforeTheAnswer) {
  const LegalProfile& russia = Profile("ru-59fz");
  EXPECT_EQ(Show(RegisterBy(At("2026-11-16 10:00"), russia, calendar_)), "2026-11-19 17:00");
  EXPECT_EQ(Show(RegisterBy(At("2026-11-19 10:00"), russia, calendar_)), "2026-11-20 17:00");
  EXPECT_EQ(Show(ForwardBy(At("2026-11-16 10:00"), russia, calendar_)), "2026-11-23 17:00");
  EXPECT_EQ(Show(ForwardBy(At("2026-11-16 10:00"), Profile("ua-393"), calendar_)),
            "2026-11-23 17:00");
  // Submitted in New Year's holidays: not before it was submitted.
  EXPECT_EQ(Show(RegisterBy(At("2026-01-02 10:00"), russia, calendar_)), "2026-01-12 17:00");
  EXPECT_EQ(RegisterBy(At("2026-11-16 10:00"), Profile("none"), calendar_), std::nullopt);
}

}  // namespace
}  // namespace veche::appeals
