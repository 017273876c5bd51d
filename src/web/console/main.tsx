import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ApiProblem } from './api/client.js'
import { App } from './app/App.js'
import { show } from './app/preferences.js'
import './style/base.css'
import './style/parts.css'
import './style/shell.css'

/** What was refused is refused; only what may have been bad luck is asked again. */
const luckless = (error: unknown): boolean => error instanceof ApiProblem && (error.status === 0 || error.status >= 500)

const client = new QueryClient({
  defaultOptions: {
    queries: { retry: (failed, error) => failed < 2 && luckless(error), refetchOnWindowFocus: false, staleTime: 5_000 },
    // An offline desk is told so at once instead of waiting for a network that may be there.
    mutations: { networkMode: 'always' },
  },
})

show()
const root = document.getElementById('root')
if (root !== null)
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </StrictMode>,
  )
