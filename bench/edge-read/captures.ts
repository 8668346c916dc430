/** What is known of each customer that is read. */

export const SALES = 6;

export const linesOf = (at: number): string[] =>
  Array.from({ length: SALES }, (_, sale) =>
    JSON.stringify({
      kind: "sale",
      key: `sale-${at}-${sale}`,
      externalId: `sale-${at}-${sale}`,
      at: `2026-01-0${1 + sale}T10:00:00.000Z`,
      currency: "GBP",
      lines: [
        {
          sku: "TEA-1",
          description: "Earl Grey, loose leaf, 100 g",
          quantity: "2",
          unitPrice: "3.95",
        },
        { sku: "MUG-7", description: "Stoneware mug", quantity: "1", unitPrice: "12.00" },
      ],
      customer: {
        loyaltyNumber: `77${1_000 + at}`,
        email: `regular-${at}@example.com`,
        givenName: "Ada",
        familyName: `Regular ${at}`,
        birthDate: "1980-01-31",
        address: { line1: "12 High Street", city: "Leeds", postalCode: "LS1 1AA", country: "GB" },
        language: "en",
        traits: { shoeSize: 39, tier: "silver" },
      },
    }),
  );
