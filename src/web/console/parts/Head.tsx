/** The head of a table: what each column is. An empty name is a corner that names nothing. */
export const Head = ({ of }: { readonly of: readonly string[] }) => (
  <thead>
    <tr>
      {of.map((it, at) =>
        it === '' ? (
          <td key={at} />
        ) : (
          <th key={at} scope="col">
            {it}
          </th>
        ),
      )}
    </tr>
  </thead>
)
