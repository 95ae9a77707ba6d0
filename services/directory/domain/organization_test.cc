#include "services/directory/domain/organization.h"

#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace veche::directory {
namespace {

using ::testing::ElementsAre;

KnownIds Known() {
  return {.categories = {"culture"},
          .districts = {"west"},
          .departments = {"roads"},
          .organizations = {"library"}};
}

Organization MakeLibrary() {
  return {.id = "library",
          .title = "Библиотека",
          .titles = {{"tt", "Китапханә"}},
          .category = "culture",
          .description = "Книги\nи журналы",
          .phones = {{"+7 843 222-44-55", "Абонемент"}},
          .emails = {{"info@example.org", ""}},
          .website = "https://example.org/библиотека",
          .socials = {"https://vk.com/library"},
          .address = "ул. Кремлёвская, 33",
          .location = geo::LatLng{55.8, 49.1},
          .hours = Hours{.always_open = true},
          .districts = {"west"},
          .department = "roads",
          .made_up_fields = {"hours", "phones"}};
}

EService MakeService() {
  return {.id = "doctor",
          .title = "Запись к врачу",
          .category = "culture",
          .link = "https://example.org",
          .deep_link = "gosuslugi://600368",
          .documents = {"Полис"},
          .organization = "library"};
}

std::string Complaint(const Organization& organization) {
  Violations violations;
  CheckOrganization(organization, Known(), "organizations[3].", violations);
  return std::string(violations.ToStatus().message());
}

std::string Complaint(const EService& service) {
  Violations violations;
  CheckEService(service, Known(), "", violations);
  return std::string(violations.ToStatus().message());
}

TEST(OrganizationTest, NamesEachFieldThatIsNotRight) {
  EXPECT_EQ(Complaint(MakeLibrary()), "");
  struct Case {
    void (*spoil)(Organization&);
    const char* violation;
  };
  for (const Case& c : std::initializer_list<Case>{
           {[](Organization& o) { o.id = "Библиотека"; }, "name ROW_ID"},
           {[](Organization& o) { o.title = " "; }, "title MUST_NOT_BE_EMPTY"},
           {[](Organization& o) { o.title = "a\nb"; }, "title CONTROL_CHARACTER"},
           {[](Organization& o) { o.title = std::string(401, 'x'); }, "title TOO_MANY_BYTES"},
           {[](Organization& o) { o.titles["T"] = "x"; }, "titles.T LANGUAGE_TAG"},
           {[](Organization& o) { o.titles["en"] = ""; }, "titles.en MUST_NOT_BE_EMPTY"},
           {[](Organization& o) { o.category = ""; }, "category REQUIRED"},
           {[](Organization& o) { o.category = "x"; }, "category NO_SUCH_ORGANIZATION_CATEGORY"},
           {[](Organization& o) { o.description = std::string(8'001, 'x'); },
            "description TOO_MANY_BYTES"},
           {[](Organization& o) { o.descriptions["en"] = "\x01"; },
            "descriptions.en CONTROL_CHARACTER"},
           {[](Organization& o) {
              o.phones.push_back({"later", ""});
            },
            "phones[1].number PHONE_NUMBER"},
           {[](Organization& o) { o.phones[0].purpose = "\t"; },
            "phones[0].purpose CONTROL_CHARACTER"},
           {[](Organization& o) { o.phones.resize(21, o.phones[0]); }, "phones TOO_MANY"},
           {[](Organization& o) { o.emails[0].address = "+79991234567"; },
            "emails[0].address EMAIL_ADDRESS"},
           {[](Organization& o) { o.website = "example.org"; }, "website WEB_LINK"},
           {[](Organization& o) { o.website = "https://"; }, "website WEB_LINK"},
           {[](Organization& o) { o.website = "https://a b"; }, "website WEB_LINK"},
           {[](Organization& o) { o.socials.push_back("javascript:alert(1)"); },
            "socials[1] WEB_LINK"},
           {[](Organization& o) { o.location->latitude = 91; }, "location NOT_A_POINT"},
           {[](Organization& o) {
              o.hours->periods = {{1, {540, 600}}};
            },
            "hours.periods HOURS_ALWAYS_OPEN"},
           {[](Organization& o) { o.districts.push_back("east"); },
            "districts[1] NO_SUCH_DISTRICT"},
           {[](Organization& o) { o.districts.push_back("west"); }, "districts[1] REPEATED"},
           {[](Organization& o) { o.department = "x"; }, "department NO_SUCH_DEPARTMENT"},
           {[](Organization& o) { o.made_up_fields.push_back("colour"); },
            "madeUpFields[2] NOT_A_FIELD"},
       }) {
    Organization organization = MakeLibrary();
    c.spoil(organization);
    EXPECT_EQ(Complaint(organization),
              absl::StrCat("INVALID_FIELDS: organizations[3].", c.violation));
  }
}

TEST(EServiceTest, NamesEachFieldThatIsNotRight) {
  EXPECT_EQ(Complaint(MakeService()), "");
  struct Case {
    void (*spoil)(EService&);
    const char* violation;
  };
  for (const Case& c : std::initializer_list<Case>{
           {[](EService& s) { s.link = ""; }, "link REQUIRED"},
           {[](EService& s) { s.link = "ftp://example.org"; }, "link WEB_LINK"},
           {[](EService& s) { s.deep_link = "JavaScript:alert(1)"; }, "deepLink APP_LINK"},
           {[](EService& s) { s.deep_link = "app"; }, "deepLink APP_LINK"},
           {[](EService& s) { s.documents.emplace_back(); }, "documents[1] MUST_NOT_BE_EMPTY"},
           {[](EService& s) { s.organization = "x"; }, "organization NO_SUCH_ORGANIZATION"},
       }) {
    EService service = MakeService();
    c.spoil(service);
    EXPECT_EQ(Complaint(service), absl::StrCat("INVALID_FIELDS: ", c.violation));
  }
}

TEST(OrganizationTest, NamesTheFieldsThatChanged) {
  const Organization before = MakeLibrary();
  Organization after = before;
  EXPECT_THAT(ChangedFields(before, after), ElementsAre());
  after.hours->always_open = false;
  after.phones[0].purpose = "";
  after.state.version = 7;
  EXPECT_THAT(ChangedFields(before, after), ElementsAre("phones", "hours"));
  after = before;
  after.location.reset();
  after.made_up_fields.clear();
  EXPECT_THAT(ChangedFields(before, after), ElementsAre("location", "madeUpFields"));
}

TEST(OrganizationTest, IsStaleAYearAfterItsConfirmation) {
  Organization organization = MakeLibrary();
  const absl::Time confirmed = absl::FromUnixSeconds(1'790'000'000);
  organization.state.confirm_time = confirmed;
  EXPECT_FALSE(IsStale(organization, confirmed + absl::Hours(24 * 365) - absl::Seconds(1)));
  EXPECT_TRUE(IsStale(organization, confirmed + absl::Hours(24 * 365)));
}

}  // namespace
}  // namespace veche::directory
