#include "services/directory/calls/organization_calls.h"

#include <gtest/gtest.h>

#include "services/directory/testing/directory_fixture.h"

namespace veche::directory {
namespace {

using testing::DirectoryFixture;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;
using veche::testing::HasReason;

class OrganizationCallsTest : public ::testing::Test, protected DirectoryFixture {
 protected:
  void SetUp() override { ImportTown(); }

  // An organization that is closed on Wednesdays, at (55.5, longitude); 0: without a place.
  std::string Add(const std::string& title, double longitude, const std::string& district = "",
                  const std::string& category = "culture") {
    v1::Organization organization;
    organization.set_title(title);
    organization.set_category(absl::StrCat("organizationCategories/", category));
    if (longitude != 0) {
      organization.mutable_location()->set_latitude(55.5);
      organization.mutable_location()->set_longitude(longitude);
    }
    if (!district.empty()) organization.add_districts(absl::StrCat("districts/", district));
    v1::Period& period = *organization.mutable_hours()->add_periods();
    period.add_days(v1::MONDAY);
    period.set_open("09:00");
    period.set_close("18:00");
    const auto created = Create(organization);
    EXPECT_OK(created);
    return created.ok() ? created->name() : "";
  }

  std::vector<std::string> Ask(const std::function<void(v1::ListOrganizationsRequest&)>& set) {
    v1::ListOrganizationsRequest request;
    request.set_page_size(2);
    set(request);
    return Titles(request);
  }
};

TEST_F(OrganizationCallsTest, ReturnsAnOrganizationWithLinksAndHours) {
  const auto created = Create(Library());
  ASSERT_OK(created);
  const auto library = Get(created->name());
  ASSERT_OK(library);
  EXPECT_EQ(library->etag(), created->etag());
  EXPECT_EQ(library->district(), "districts/west");
  EXPECT_TRUE(library->open_now());
  EXPECT_EQ(library->close_time().seconds(), absl::ToUnixSeconds(clock.Now()) + 6 * 3600);
  EXPECT_FALSE(library->has_open_time());
  const v1::Links& links = library->links();
  EXPECT_THAT(links.tel(), ElementsAre("tel:+78432224455"));
  EXPECT_EQ(links.geo(), "geo:55.500000,49.500000");
  EXPECT_EQ(links.route(), "https://maps.example.org/?to=55.500000,49.500000");
  EXPECT_EQ(links.page(), "https://city.example.org/" + library->name());
  EXPECT_EQ(links.share_text(),
            "Центральная библиотека\nул. Кремлёвская, 33\n+7 (843) 222-44-55\n" + links.page());

  clock.Advance(absl::Hours(7));
  const auto evening = Get(created->name());
  EXPECT_FALSE(evening->open_now());
  EXPECT_TRUE(evening->has_open_time());
  EXPECT_NE(evening->etag(), library->etag()) << "a cached answer would say that it is open";
  EXPECT_THAT(Get("organizations/nothing"), HasReason("ORGANIZATION_NOT_FOUND"));
  EXPECT_THAT(Get("districts/west"), HasReason("ORGANIZATION_NOT_FOUND"));
}

TEST_F(OrganizationCallsTest, ListsInEachOrderPageByPage) {
  Add("Б", 49.1);
  Add("А", 49.3);
  Add("В", 49.2);
  Add("Горячая линия", 0);
  EXPECT_THAT(Ask([](auto&) {}), ElementsAre("Горячая линия", "В", "А", "Б"));
  EXPECT_THAT(Ask([](auto& r) { r.set_order_by("title"); }),
              ElementsAre("А", "Б", "В", "Горячая линия"));
  EXPECT_THAT(Ask([](auto& r) { r.set_near("55.5,49.0"); }), ElementsAre("Б", "В", "А"));
  EXPECT_THAT(Ask([](auto& r) {
                r.set_near("55.5,49.3");
                r.set_radius_meters(7'000);
              }),
              ElementsAre("А", "В"));
  EXPECT_THAT(Ask([](auto& r) {
                r.set_near("55.5,49.0");
                r.set_order_by("title");
              }),
              ElementsAre("А", "Б", "В"));
}

TEST_F(OrganizationCallsTest, AnswersWithTheDistance) {
  Add("А", 49.5);
  v1::ListOrganizationsRequest request;
  request.set_near("55.5,49.5");
  const auto list = handlers.organizations.ListOrganizations(editor, request);
  ASSERT_OK(list);
  EXPECT_EQ(list->organizations(0).distance_meters(), 0);
  request.clear_near();
  EXPECT_FALSE(handlers.organizations.ListOrganizations(editor, request)
                   ->organizations(0)
                   .has_distance_meters());
}

TEST_F(OrganizationCallsTest, Filters) {
  Add("Запад", 49.5);
  Add("Восток", 50.5);
  Add("Служит востоку", 49.6, "east");
  Add("Весь город", 0);
  Add("Колонка", 50.7, "", "taps");
  ASSERT_OK(Create(Library()));
  EXPECT_THAT(Ask([](auto& r) { r.set_district("districts/east"); }),
              UnorderedElementsAre("Восток", "Служит востоку", "Весь город", "Колонка"));
  EXPECT_THAT(Ask([](auto& r) { r.set_category("organizationCategories/taps"); }),
              ElementsAre("Колонка"));
  EXPECT_THAT(Ask([](auto& r) { r.set_bbox("50.4,55,50.6,56"); }), ElementsAre("Восток"));
  EXPECT_THAT(Ask([](auto& r) { r.set_open_now(true); }), ElementsAre("Центральная библиотека"));
  EXPECT_THAT(Ask([](auto& r) { r.set_open_now(false); }), ::testing::SizeIs(5));
  EXPECT_THAT(Ask([](auto& r) {
                r.set_open_now(true);
                r.set_category("organizationCategories/taps");
              }),
              IsEmpty());
}

TEST_F(OrganizationCallsTest, SearchesTextsPhonesAndCategories) {
  Add("Театр кукол", 49.5);
  Add("Колонка у вокзала", 49.5, "", "taps");
  ASSERT_OK(Create(Library()));
  for (const char* q : {"библиотека", "библеотека", "biblioteka", "222-44-55", "кремлевская"}) {
    EXPECT_THAT(Ask([&](auto& r) { r.set_q(q); }), ElementsAre("Центральная библиотека")) << q;
  }
  EXPECT_THAT(Ask([](auto& r) { r.set_q("культура"); }),
              UnorderedElementsAre("Театр кукол", "Центральная библиотека"));
  EXPECT_THAT(Ask([](auto& r) {
                r.set_q("культура");
                r.set_open_now(true);
              }),
              ElementsAre("Центральная библиотека"));
  EXPECT_THAT(Ask([](auto& r) { r.set_q("астрономия"); }), IsEmpty());
}

TEST_F(OrganizationCallsTest, FindsAnEditedTextAtOnce) {
  const std::string name = Add("Театр кукол", 49.5);
  v1::Organization update;
  update.set_name(name);
  update.set_title("Музей чак-чака");
  ASSERT_OK(Update(update));
  EXPECT_THAT(Ask([](auto& r) { r.set_q("чак-чак"); }), ElementsAre("Музей чак-чака"));
  EXPECT_THAT(Ask([](auto& r) { r.set_q("театр"); }), IsEmpty());
  ASSERT_OK(Delete(name));
  EXPECT_THAT(Ask([](auto& r) { r.set_q("чак-чак"); }), IsEmpty());
}

TEST_F(OrganizationCallsTest, NamesEveryWrongParameter) {
  v1::ListOrganizationsRequest request;
  request.set_q(std::string(401, 'x'));
  request.set_category("taps");
  request.set_district("departments/roads");
  request.set_bbox("1,2");
  request.set_radius_meters(5);
  request.set_order_by("size");
  request.set_page_size(-1);
  const std::string message(
      handlers.organizations.ListOrganizations(editor, request).status().message());
  for (const char* field :
       {"q ", "category ", "district ", "bbox ", "radiusMeters ", "orderBy ", "pageSize "}) {
    EXPECT_THAT(message, HasSubstr(field));
  }
  for (const char* near : {"55", "91,49", "55,x", "55,49,1"}) {
    v1::ListOrganizationsRequest wrong;
    wrong.set_near(near);
    EXPECT_THAT(handlers.organizations.ListOrganizations(editor, wrong),
                HasReason("INVALID_FIELDS"))
        << near;
  }
}

TEST_F(OrganizationCallsTest, ShowsServicePointsAsAMapLayer) {
  const std::string name = Add("Колонка", 50.5, "", "taps");
  Add("Музей", 50.5);
  const auto layers = handlers.organizations.ListMapLayers(editor, {});
  ASSERT_OK(layers);
  ASSERT_EQ(layers->map_layers_size(), 1);
  EXPECT_EQ(layers->map_layers(0).name(), "mapLayers/taps");
  EXPECT_EQ(layers->map_layers(0).feature_count(), 1);
  v1::GetMapLayerRequest request;
  request.set_name("mapLayers/taps");
  const auto features = handlers.organizations.GetMapLayer(editor, request);
  ASSERT_OK(features);
  EXPECT_EQ(features->type(), "FeatureCollection");
  ASSERT_EQ(features->features_size(), 1);
  EXPECT_EQ(features->features(0).id(), name);
  EXPECT_THAT(features->features(0).geometry().coordinates(), ElementsAre(50.5, 55.5));
  for (const char* other : {"mapLayers/culture", "mapLayers/", "taps"}) {
    request.set_name(other);
    EXPECT_THAT(handlers.organizations.GetMapLayer(editor, request),
                HasReason("MAP_LAYER_NOT_FOUND"))
        << other;
  }
}

TEST_F(OrganizationCallsTest, GivesDepartmentsTheContactsOfTheirOrganization) {
  v1::Organization office = Library();
  office.set_title("Дорожный комитет");
  office.set_department("departments/roads");
  office.add_emails()->set_address("roads@example.org");
  const auto created = Create(office);
  ASSERT_OK(created);
  const auto departments = handlers.directory.ListDepartments(editor, {});
  ASSERT_OK(departments);
  const v1::Department& roads = departments->departments(0);
  EXPECT_EQ(roads.organization(), created->name());
  EXPECT_THAT(roads.phones(), ElementsAre("+7 (843) 222-44-55"));
  EXPECT_EQ(roads.emails(0).address(), "roads@example.org");
  EXPECT_EQ(roads.hours().periods_size(), 1);
  EXPECT_EQ(roads.address(), "ул. Кремлёвская, 33");
  ASSERT_OK(Delete(created->name()));
  EXPECT_EQ(handlers.directory.ListDepartments(editor, {})->departments(0).phones_size(), 0);
}

}  // namespace
}  // namespace veche::directory
