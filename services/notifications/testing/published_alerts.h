#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "services/notifications/feeds/context.h"
#include "services/notifications/testing/test_alerts.h"

namespace veche::notifications::testing {

// A city with one topic and one district.
inline FeedContext MakeContext() {
  FeedContext context{
      .public_url = "https://kazan.example:8443", .city = "Казань", .language = "ru"};
  EXPECT_TRUE(absl::LoadTimeZone("Europe/Moscow", &context.zone));
  context.topics = {{"topics/weather", {{"ru", "Погода"}, {"en", "Weather"}}}};
  context.districts = std::make_shared<const DistrictMap>(
      std::vector<District>{{"districts/a", "Вахитовский", {{"tt", "Вахитов"}}}},
      std::vector<geo::Boundary>());
  return context;
}

// A publication with all that an alert may have, in three languages.
inline PublishedAlert MakePublished(int id, int64_t revision = 1) {
  const Alert alert = MakeAlert({.id = id,
                                 .severity = Severity::kEmergency,
                                 .topic = "topics/weather",
                                 .districts = {"districts/a"}});
  PublishedAlert published;
  published.post = {.seq = id,
                    .alert = alert.id,
                    .revision = revision,
                    .type = revision == 1 ? kAlertPublished : kAlertUpdated,
                    .severity = Severity::kEmergency,
                    .topic = "topics/weather",
                    .districts = {"districts/a"},
                    .create_time = kAlertTime};
  published.revision = {.alert = alert.id,
                        .revision = revision,
                        .content = alert.content,
                        .publish_time = kAlertTime,
                        .expire_time = kAlertTime + absl::Hours(5),
                        .create_time = kAlertTime + absl::Seconds(revision - 1)};
  for (int64_t earlier = 1; earlier < revision; ++earlier) {
    published.revision.references.push_back(
        {alert.id, earlier, kAlertTime + absl::Seconds(earlier - 1)});
  }
  AlertContent& content = published.revision.content;
  content.titles = {{"en", "Storm & hail <now>"}, {"ru", "Шторм «17 м/с»"}, {"tt", "Давыл"}};
  content.bodies = {{"ru", "Ветер\nи град"}};
  content.instructions = {{"ru", "Не стойте под деревьями"}};
  content.files = {{"00ff", "Карта \"ветра\"", "image/png", 1200}};
  content.area = R"({"type":"MultiPolygon","coordinates":[[[[49,55],[50,55],[50,56],[49,55]],)"
                 R"([[49.4,55.1],[49.5,55.1],[49.5,55.2],[49.4,55.1]]],)"
                 R"([[[48,54],[48.5,54],[48.5,54.5],[48,54]]]]})";
  return published;
}

}  // namespace veche::notifications::testing
