import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CommandFailure } from "../command.ts";
import { type Columns, describeColumns, guessColumns, isUseless, readMapping } from "./columns.ts";

const guess = (names: string, not: readonly string[] = []): Columns =>
  guessColumns(names.split(","), new Set(not));

describe("columns guessed from their names", () => {
  test.each<[string, string, Columns]>([
    ["febrl",
      "rec_id,given_name,surname,street_number,address_1,address_2,suburb,postcode,state,date_of_birth,age,phone_number,soc_sec_id,blocking_number",
      { givenName: ["given_name"], familyName: ["surname"], streetNumber: ["street_number"], street: ["address_1"], street2: ["address_2"], city: ["suburb"], postalCode: ["postcode"], region: ["state"], birthDate: ["date_of_birth"], phone: ["phone_number"], identifier: ["soc_sec_id"] }],
    ["splink, 1,000 records",
      "unique_id,first_name,surname,dob,city,email,cluster",
      { givenName: ["first_name"], familyName: ["surname"], birthDate: ["dob"], city: ["city"], email: ["email"] }],
    ["splink, historical",
      "unique_id,cluster,full_name,first_and_surname,first_name,surname,dob,birth_place,postcode_fake,gender,occupation",
      { fullName: ["full_name"], givenName: ["first_name"], familyName: ["surname"], birthDate: ["dob"], birthPlace: ["birth_place"], postalCode: ["postcode_fake"], gender: ["gender"], occupation: ["occupation"] }],
    ["pseudopeople",
      "simulant_id,household_id,year,first_name,middle_initial,last_name,age,date_of_birth,sex,relationship_to_reference_person,street_number,street_name,unit_number,city,state,zipcode,housing_type,ssn",
      { givenName: ["first_name"], middleName: ["middle_initial"], familyName: ["last_name"], birthDate: ["date_of_birth"], gender: ["sex"], streetNumber: ["street_number"], street: ["street_name"], street2: ["unit_number"], city: ["city"], region: ["state"], postalCode: ["zipcode"], identifier: ["ssn"] }],
    ["voters of North Carolina",
      "ncid,last_name,first_name,middle_name,name_suffix_lbl,status_cd,res_street_address,res_city_desc,state_cd,zip_code,full_phone_number,race_code,gender_code,birth_year,birth_state",
      { familyName: ["last_name"], givenName: ["first_name"], middleName: ["middle_name"], suffix: ["name_suffix_lbl"], street: ["res_street_address"], city: ["res_city_desc"], region: ["state_cd"], postalCode: ["zip_code"], phone: ["full_phone_number"], gender: ["gender_code"], birthYear: ["birth_year"] }],
    ["German",
      "Kundennummer,Vorname,Nachname,Geburtsdatum,E-Mail,Telefon,Straße,Hausnummer,PLZ,Ort,Geschlecht",
      { givenName: ["Vorname"], familyName: ["Nachname"], birthDate: ["Geburtsdatum"], email: ["E-Mail"], phone: ["Telefon"], street: ["Straße"], streetNumber: ["Hausnummer"], postalCode: ["PLZ"], city: ["Ort"], gender: ["Geschlecht"] }],
    ["French", "Prénom,Nom,Date Naissance", { givenName: ["Prénom"], familyName: ["Nom"], birthDate: ["Date Naissance"] }],
    ["a shop's export, in words",
      "Customer ID,First Name,Last Name,E-mail Address,Phone Number,Address Line 1,Address Line 2,Zip Code,Loyalty Card",
      { givenName: ["First Name"], familyName: ["Last Name"], email: ["E-mail Address"], phone: ["Phone Number"], street: ["Address Line 1"], street2: ["Address Line 2"], postalCode: ["Zip Code"], loyaltyNumber: ["Loyalty Card"] }],
    ["camel case",
      "id,firstName,lastName,dateOfBirth,emailAddress,phoneNumber,addressLine1,postalCode,countryCode",
      { givenName: ["firstName"], familyName: ["lastName"], birthDate: ["dateOfBirth"], email: ["emailAddress"], phone: ["phoneNumber"], street: ["addressLine1"], postalCode: ["postalCode"], country: ["countryCode"] }],
    ["upper case", "ID,FIRST_NAME,SURNAME,DOB,PHONE", { givenName: ["FIRST_NAME"], familyName: ["SURNAME"], birthDate: ["DOB"], phone: ["PHONE"] }],
    ["a birth date in three columns", "id,by,bm,bd", { birthYear: ["by"], birthMonth: ["bm"], birthDay: ["bd"] }],
  ])("%s", (_what, names, columns) => {
    expect(guess(names)).toEqual(columns);
  }); // prettier-ignore

  test("of two columns with one role the first counts", () => {
    expect(guess("phone,mobile")).toEqual({ phone: ["phone"] });
  });

  test("id and truth are never read, whatever they are called", () => {
    expect(guess("email,phone", ["email"])).toEqual({ phone: ["phone"] });
  });

  test("columns by which nobody could be told apart are useless", () => {
    expect(isUseless(guess("id,city,gender,state,colour"))).toBe(true);
    expect(isUseless(guess("id,email"))).toBe(false);
  });

  test("what was guessed is told in words", () => {
    expect(describeColumns({ phone: ["tel"], givenName: ["a", "b"] })).toBe(
      "givenName = a + b, phone = tel",
    );
  });
});

describe("columns told by a mapping", () => {
  let folder = "";
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "mapping-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
  const mapped = async (text: string): Promise<Columns> => {
    const path = join(folder, "mapping.json");
    await writeFile(path, text);
    return readMapping(path, ["a", "b", "c"]);
  };

  test("one column, or several that are put together", async () => {
    expect(await mapped('{"fullName": ["b", "a"], "loyaltyNumber": "c"}')).toEqual({
      fullName: ["b", "a"],
      loyaltyNumber: ["c"],
    });
  });

  test.each([
    ["no JSON", "{", "cannot be read as JSON"],
    ["no object", "[]", "is not {"],
    ["a role that is none", '{"shoeSize": "a"}', "is not {"],
    ["a column that is none", '{"email": 7}', "is not {"],
    ["no column at all", '{"email": []}', "is not {"],
    ["a column that the records do not have", '{"email": "d"}', "do not have"],
  ])("%s is told in a sentence", async (_what, text, said) => {
    const failure: unknown = await mapped(text).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(CommandFailure);
    expect((failure as Error).message).toContain(said);
    expect((failure as Error).message).not.toContain("\n");
  });

  test("a mapping that is not there is told in a sentence", async () => {
    await expect(readMapping(join(folder, "none.json"), [])).rejects.toThrow(CommandFailure);
  });
});
